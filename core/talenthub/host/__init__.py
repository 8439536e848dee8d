"""The plugin host: finds, loads and watches plugins; one fault stays one."""

from talenthub.host.discovery import Installed, installed
from talenthub.host.host import Host, Provided
from talenthub.host.status import PluginStatus, State

__all__ = ["Host", "Installed", "PluginStatus", "Provided", "State", "installed"]
