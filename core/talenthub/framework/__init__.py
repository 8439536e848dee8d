"""The hub's content: what every talent decision is rated against."""
