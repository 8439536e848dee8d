"""Consultation: a framework is read and voted on by those it is for."""
