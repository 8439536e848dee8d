"""Scaffold: the files that `talent plugin new` writes."""

from talenthub.scaffold.naming import Naming, named
from talenthub.scaffold.writing import file_names, write_project

__all__ = ["Naming", "file_names", "named", "write_project"]
