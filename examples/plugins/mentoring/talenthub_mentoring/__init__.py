"""Mentoring: a plugin for talenthub."""
