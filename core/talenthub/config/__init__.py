"""Configuration: talenthub.toml and the layers over it, checked with lines."""
