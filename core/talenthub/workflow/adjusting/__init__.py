"""Adjusting: how an organisation makes a workflow its own, in configuration."""
