"""`talent workflow`: the workflows of the plugins."""
