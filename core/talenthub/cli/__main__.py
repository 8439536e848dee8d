"""`python -m talenthub.cli`."""

from talenthub.cli import main

main()
