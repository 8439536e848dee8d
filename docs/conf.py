"""How Sphinx makes a site of these pages: make docs.

Nothing is fetched from anywhere: no fonts, no scripts, no inventories.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "talenthub"
author = "the authors of talenthub"
extensions = ["myst_parser"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = "talenthub"
html_static_path = ["_static"]
html_css_files = ["talenthub.css"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#2f7d6b", "color-brand-content": "#22675a"},
    "dark_css_variables": {"color-brand-primary": "#58b39d", "color-brand-content": "#6fc4af"},
}
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "friendly"
pygments_dark_style = "native"

HERE = Path(__file__).parent
DESCRIBED = {f"reference/{room}": f"talenthub.{room}" for room in ("hooks", "sdk", "testing")}
"""Pages that are filled, and with the names of which module."""


def setup(app: Sphinx) -> None:
    """Fill the reference from docstrings when the site is made."""
    described = runpy.run_path(str(HERE / "reference.py"))["described"]

    def fill(_: Sphinx, page: str, source: list[str]) -> None:
        if page in DESCRIBED:
            source[0] += described(DESCRIBED[page])

    app.connect("source-read", fill)
    # What they are filled with changes without them.
    app.connect("env-get-outdated", lambda *_: list(DESCRIBED))
