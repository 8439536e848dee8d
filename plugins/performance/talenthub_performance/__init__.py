"""Performance: conversations, reviews on descriptors, calibration."""
