"""Versions: cases that run on an older declaration, and how they move."""
