"""One file per format that a framework can be read from."""
