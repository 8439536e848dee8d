"""Recruitment: from a vacancy to a hire, rated against descriptors."""
