"""Workflows: what plugins declare, and the engine that runs it."""
