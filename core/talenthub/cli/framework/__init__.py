"""`talent framework`: the competency framework."""
