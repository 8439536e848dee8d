"""A plugin that only tests use: it needs every part of the engine at once."""
