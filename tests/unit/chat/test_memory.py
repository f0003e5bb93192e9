"""What a conversation remembers survives the store."""

import pytest

from servers.chat.memory import dump_context, load_context
from servers.chat.understanding.conversation import next_context
from servers.chat.understanding.understand import Understander
from servers.chat.understanding.values import Context
from shared.market.instrument import Instrument
from shared.market.vocabulary import packaged_instruments
from tests.unit.chat.conftest import TODAY

INSTRUMENTS = {one.ticker: one for one in packaged_instruments()}


def find(ticker: str) -> Instrument | None:
    return INSTRUMENTS.get(ticker)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("기아 최근 10거래일 종가 흐름", "거래량은?"),
        ("지난달 LG전자 수익률", "그럼 삼성전기는?"),
        ("삼성 얼마야", "2번"),
        ("코스닥 VCP A등급 이상", "어제는?"),
        ("한화오션 외국인 수급", "기관은?"),
    ],
)
def test_a_follow_up_is_read_the_same_from_stored_memory(first, second, understander: Understander):
    context = next_context(understander.understand(first, today=TODAY), Context())
    stored = load_context(dump_context(context), find)
    live = understander.understand(second, today=TODAY, context=context)
    restored = understander.understand(second, today=TODAY, context=stored)
    assert restored.intents == live.intents
    assert [one.instrument for one in restored.entities.stocks] == [one.instrument for one in live.entities.stocks]
    assert restored.entities.periods == live.entities.periods


def test_an_instrument_that_left_the_master_is_forgotten(understander: Understander):
    context = next_context(understander.understand("기아 현재가", today=TODAY), Context())
    assert load_context(dump_context(context), lambda _: None).stocks == ()


def test_memory_of_another_version_is_empty():
    assert load_context("{}", find) == Context()
    assert load_context('{"version": 99}', find) == Context()
