"""Workbooks as offices keep them: read safely, written for spreadsheets."""
