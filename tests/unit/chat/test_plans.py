"""Which look-ups a question leads to."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from servers.chat.answers.ask import Ask
from servers.chat.answers.speech import Phrasebook
from servers.chat.knowledge.glossary import Glossary
from servers.chat.moment import Moment
from servers.chat.planner import build_subjects, plan_calls
from servers.chat.tools.prices import PricesArguments
from servers.chat.tools.signals import SignalsArguments
from servers.chat.understanding.understand import Understander
from shared.market.instrument import Board
from shared.market.sessions import SessionPhase
from shared.market.signal import Grade
from tests.fakes.searching import own_tools
from tests.fixtures.question_checks import understand_item
from tests.fixtures.question_file import read_questions
from tests.unit.chat.conftest import TODAY

MOMENT = Moment(
    now=datetime(2026, 4, 30, 7, tzinfo=UTC),
    phase=SessionPhase.CLOSED,
    holiday="",
    previous_session=date(2026, 4, 29),
    next_session=date(2026, 5, 4),
    newest=TODAY,
)
NEEDS = {
    "D001": {"prices"},
    "D002": {"bars"},
    "D003": {"bars"},
    "D004": {"bars", "chart"},
    "D005": {"market"},
    "D006": {"session"},
    "D007": {"flow"},
    "D008": {"signals"},
    "D009": {"signals", "engine"},
    "D010": {"scanner"},
    "D011": {"docs"},
    "D012": {"alerts"},
    "D013": {"watchlist"},
    "D014": {"prices", "bars", "signals"},
    "D015": {"flow"},
    "D016": {"prices"},
    "D017": {"signals", "docs"},
    "D018": {"docs"},
    "D019": set(),
    "D020": {"signals"},
    "D021": set(),
    "D022": {"prices"},
    "D023": {"prices"},
    "D024": {"signals"},
    "D025": {"instruments", "prices"},
}
"""Domains that each example of the specification names; the session is always asked for."""

EXAMPLES = {item["id"]: item for item in read_questions(Path(__file__).parents[2] / "fixtures" / "chat_questions.yaml")}
SUBJECTS = build_subjects(own_tools())


def calls_of(understander: Understander, item: dict, *, newest: date = TODAY):
    understood = understand_item(understander, item, TODAY)
    moment = Moment(**{**{name: getattr(MOMENT, name) for name in MOMENT.__slots__}, "newest": newest})
    asks = tuple(
        Ask(
            understanding=understood,
            intent=intent,
            moment=moment,
            speech=Phrasebook.load().speech(understood.language),
            glossary_keys=Glossary.load().keys,
        )
        for intent in understood.intents
    )
    return plan_calls(asks, SUBJECTS)


def arguments_of(understander: Understander, question: str, kind: type, **moment: date):
    calls = calls_of(understander, {"q": question}, **moment)
    return next(call.arguments for call in calls if isinstance(call.arguments, kind))


@pytest.mark.parametrize("example", NEEDS)
def test_the_examples_look_up_what_they_need(example, understander: Understander):
    domains = {call.tool.domain for call in calls_of(understander, EXAMPLES[example])}
    assert NEEDS[example] <= domains
    if not NEEDS[example]:
        assert domains == set()


def test_no_tool_that_changes_anything_is_planned(understander: Understander):
    tempting = [
        item
        for item in EXAMPLES.values()
        if item.get("intent", "").startswith(("alert", "watchlist")) or item["class"] == "adversarial"
    ]
    assert len(tempting) > 20
    for item in tempting:
        assert not any(call.tool.changes for call in calls_of(understander, item)), item["q"]


def test_more_than_70_points_is_not_70_points(understander: Understander):
    over = arguments_of(understander, "코스피에서 VCP 70점 넘는 종목", SignalsArguments)
    least = arguments_of(understander, "코스피에서 VCP 70점 이상 종목", SignalsArguments)
    assert over.min_score is not None
    assert over.min_score > 70
    assert least.min_score == 70
    assert over.board is Board.KOSPI


def test_a_grade_or_better_includes_the_better_ones(understander: Understander):
    assert arguments_of(understander, "VCP A등급 이상 종목", SignalsArguments).grades == (Grade.S, Grade.A)
    assert arguments_of(understander, "VCP A등급 종목", SignalsArguments).grades == (Grade.A,)


def test_counted_days_end_where_the_store_ends(understander: Understander):
    found = arguments_of(understander, "기아 최근 10거래일 종가 흐름", PricesArguments, newest=date(2026, 3, 31))
    assert (found.until, found.sessions) == (date(2026, 3, 31), 10)


def test_a_year_ago_begins_on_the_day_after(understander: Understander):
    found = arguments_of(understander, "1년 전에 기아 샀으면 수익률 얼마야", PricesArguments)
    assert (found.since, found.until) == (date(2025, 5, 1), TODAY)
