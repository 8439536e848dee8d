"""Persons, units, posts, reporting lines, grants and deputies."""
