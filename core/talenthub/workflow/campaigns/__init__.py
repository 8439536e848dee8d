"""Campaigns: one thing done for many, chunk by chunk, by whoever is there."""
