"""The languages in which kstock speaks to people."""

from enum import StrEnum


class Language(StrEnum):
    """Korean is the default, English the second language."""

    KO = "ko"
    EN = "en"
