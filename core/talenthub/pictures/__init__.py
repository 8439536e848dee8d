"""Pictures: drawings of plain values as SVG, without a font or a script.

    drawn = pictures.radar("Amara Okoye", [pictures.Spoke("Communicates", 1.463, 2), …])
    file.write_text(drawn.svg())

Each function takes values and gives a Picture; what is unknown is None, and
is never drawn as 0. The same values always give the same text.
"""

from talenthub.pictures.bars import Bar, bars, paired, stacked
from talenthub.pictures.coverage import Bench, coverage
from talenthub.pictures.distribution import Spot, columns, strip
from talenthub.pictures.funnel import Step, funnel
from talenthub.pictures.heat import Cell, HeatRow, heat_map
from talenthub.pictures.ladder import Rung, ladder
from talenthub.pictures.lines import Series, lines, sparkline
from talenthub.pictures.nine_box import Field, nine_box
from talenthub.pictures.parts import Parts
from talenthub.pictures.radar import Spoke, radar
from talenthub.pictures.sheet import Picture
from talenthub.pictures.spans import Span, spans

__all__ = [
    "Bar",
    "Bench",
    "Cell",
    "Field",
    "HeatRow",
    "Parts",
    "Picture",
    "Rung",
    "Series",
    "Span",
    "Spoke",
    "Spot",
    "Step",
    "bars",
    "columns",
    "coverage",
    "funnel",
    "heat_map",
    "ladder",
    "lines",
    "nine_box",
    "paired",
    "radar",
    "spans",
    "sparkline",
    "stacked",
    "strip",
]
