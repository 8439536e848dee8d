"""Evidence: the ledger of ratings, and what is computed from it."""
