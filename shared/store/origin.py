"""Real or invented: a store holds facts of one origin only."""

from enum import StrEnum


class Origin(StrEnum):
    """Stamped into a store when it is made; checked on every open."""

    REAL = "REAL"
    SIMULATED = "SIMULATED"
