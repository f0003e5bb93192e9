"""Pictures with Korean words in them: figures that belong to no window, and the font that has the letters."""

from importlib.util import find_spec
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from shared.market.errors import DataMissing

UP, DOWN, FLAT = "#E03131", "#1C7ED6", "#868E96"
"""Colours of rises, falls and what stands still (bot_ux.md 2)."""

INK, PAPER, GRID = "#212529", "#FFFFFF", "#DEE2E6"

_CARRIER = "koreanize_matplotlib"


class KoreanFont:
    """Nanum Gothic in two weights, read from the package that carries it; nothing of matplotlib's settings changes."""

    def __init__(self) -> None:
        """Find the files.

        Raises:
            DataMissing: The package with the font is not installed.
        """
        found = find_spec(_CARRIER)
        if found is None or not found.submodule_search_locations:
            raise DataMissing(f"the font for pictures is missing; install the package {_CARRIER.replace('_', '-')}")
        self._folder = Path(next(iter(found.submodule_search_locations))) / "fonts"

    def plain(self, size: float) -> FontProperties:
        """The usual weight at a size in points."""
        return FontProperties(fname=self._folder / "NanumGothic.ttf", size=size)

    def bold(self, size: float) -> FontProperties:
        """The heavy weight at a size in points."""
        return FontProperties(fname=self._folder / "NanumGothicBold.ttf", size=size)


def new_figure(width: int, height: int, *, dpi: int = 100) -> Figure:
    """An empty figure of so many pixels, without any state that other figures share."""
    figure = Figure(figsize=(width / dpi, height / dpi), dpi=dpi, facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure
