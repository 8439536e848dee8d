"""`talent people`: persons, units, posts and reporting lines."""
