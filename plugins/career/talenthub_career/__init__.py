"""Career: development plans, paths, aspirations and internal moves."""
