"""`talent do`: the next step on one case, or on many."""
