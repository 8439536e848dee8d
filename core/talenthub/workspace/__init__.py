"""The workspace: configuration, database and plugins, opened together."""

from talenthub.config.place import find
from talenthub.workspace.workspace import Workspace

__all__ = ["Workspace", "find"]
