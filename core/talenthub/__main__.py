"""`python -m talenthub`: the same as `talent`."""

from talenthub.cli import main

main()
