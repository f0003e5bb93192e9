"""Rules that several strategies share (strategies.md 10, `common`)."""

from dataclasses import dataclass

from servers.scanner.strategies.ranges import check_ranges, number


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonParameters:
    """What all strategies share; `fee` a fraction per side, `price_min` won, `slip_ticks` ticks per side."""

    min_bars: int = number(60, low=60, high=320)
    window: int = number(320, low=260, high=1_000)
    price_min: int = number(1_000, low=0, high=10_000_000)
    exclude_warning: bool = True
    fee: float = number(0.00015, low=0.0, high=0.01)
    slip_ticks: int = number(1, low=0, high=10)

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        check_ranges("common", self)
