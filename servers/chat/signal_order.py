"""In which order signals are listed."""

from enum import StrEnum


class Order(StrEnum):
    """The value is the word for models."""

    BEST = "best"
    WORST = "worst"
    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
