"""The real morpheme analyser, the packaged tables and instruments: loaded once for all tests of understanding."""

from datetime import date

import pytest

from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.understand import Understander
from shared.market.instrument_index import InstrumentIndex
from shared.market.sessions import SessionCalendar
from shared.market.vocabulary import packaged_instruments
from shared.text.kiwi import KiwiMorphemes

TODAY = date(2026, 4, 30)


@pytest.fixture(scope="session")
def morphemes() -> KiwiMorphemes:
    return KiwiMorphemes.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.fixture(scope="session")
def calendar() -> SessionCalendar:
    return SessionCalendar.load()


@pytest.fixture(scope="session")
def understander(morphemes: KiwiMorphemes, lexicon: Lexicon, calendar: SessionCalendar) -> Understander:
    index = InstrumentIndex.load(packaged_instruments())
    return Understander(lexicon=lexicon, index=index, calendar=calendar, morphemes=morphemes)
