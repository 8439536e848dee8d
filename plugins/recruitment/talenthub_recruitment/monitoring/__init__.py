"""Monitoring: how groups fare in selections, and how raters rate."""
