"""talenthub: a published competency framework as the hub of every talent decision.

Importing this package is free: the rooms below it load when they are used.
"""

__version__ = "0.1.0"
