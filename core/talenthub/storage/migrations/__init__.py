"""The core's own migration history, and the environment all owners share."""
