"""Projects: which plugins a folder with a pyproject.toml declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

from talenthub.errors import FileError, NotFound, PluginError, Problem, unknown
from talenthub.hooks import GROUP
from talenthub.host import Installed, installed

PROJECT = "pyproject.toml"


def plugins_of(word: str) -> list[Installed]:
    """Return the plugins that `word` names: a plugin, or a project's folder.

    NotFound for a name nobody knows; FileError for a folder without plugins;
    PluginError for a project that is not installed.
    """
    known = installed()
    if word in known:
        return list(known[word][:1])
    folder = Path(word)
    if folder.name == PROJECT and folder.is_file():
        folder = folder.parent
    if not folder.exists():
        raise NotFound(
            unknown("plugin", word, known, mend="name an installed plugin, or the folder of its project")
        )
    return [_installed(name, folder) for name in _declared(folder)]


def _declared(folder: Path) -> list[str]:
    file = folder / PROJECT
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except (FileNotFoundError, NotADirectoryError):
        raise FileError(
            Problem(
                text="there is no pyproject.toml here",
                place=str(folder),
                mend="name the folder of a plugin's project",
                code="file.missing",
            )
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(
            Problem(text=f"this is no TOML: {error}", place=str(file), code="file.toml")
        ) from None
    names = list(project.get("entry-points", {}).get(GROUP, {}))
    if not names:
        mend = f'add [project.entry-points."{GROUP}"] with NAME = "PACKAGE.plugin"'
        raise FileError(Problem(text="it declares no plugin", place=str(file), mend=mend, code="plugin.none"))
    return names


def _installed(name: str, folder: Path) -> Installed:
    known = installed()
    if name not in known:
        raise PluginError(
            Problem(
                text=f"the plugin {name} is not installed, so that nothing of it can be run",
                place=str(folder),
                mend=f"pip install -e {folder}",
                code="plugin.missing",
            )
        )
    return known[name][0]
