"""Onboarding: the first ninety days, on the descriptors of the interview."""
