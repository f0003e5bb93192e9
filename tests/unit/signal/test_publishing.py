"""What a scan's verdicts do to open signals."""

from datetime import UTC, date, datetime

import pytest

from servers.signal.publishing import Decision, Effect, Verdicts, decide
from shared.market.errors import InvalidInput
from shared.market.instrument import Ticker
from shared.market.signal import Candidate, Grade, Signal, SignalState
from tests.fixtures.candidates import make_candidate

NOW = datetime(2026, 4, 30, 7, 0, tzinfo=UTC)
SAMSUNG, HYNIX = Ticker("005930"), Ticker("000660")


def scan(*candidates: Candidate, complete: bool = True, unjudged: tuple[Ticker, ...] = ()) -> Verdicts:
    return Verdicts(as_of=date(2026, 4, 30), candidates=candidates, complete=complete, unjudged=unjudged)


def decide_on(open_signals: list[Signal], verdicts: Verdicts, pending: set[Ticker] | None = None) -> list[Decision]:
    return decide(
        {signal.candidate.ticker: signal for signal in open_signals},
        verdicts,
        NOW,
        new_ids=[f"id{number}" for number in range(len(verdicts.candidates))],
        pending=pending if pending is not None else {signal.candidate.ticker for signal in open_signals},
    )


def opened(candidate: Candidate) -> Signal:
    return decide_on([], scan(candidate))[0].signal


def test_a_new_candidate_opens_a_signal_at_its_close() -> None:
    (decision,) = decide_on([], scan(make_candidate(SAMSUNG, close_krw=220_500)))
    assert decision.effect is Effect.OPENED
    assert (decision.signal.revision, decision.signal.state) == (1, SignalState.ACTIVE)
    assert (decision.signal.opened_price_krw, decision.signal.opened_on) == (220_500, date(2026, 4, 30))


def test_the_same_verdict_again_changes_nothing() -> None:
    signal = opened(make_candidate(SAMSUNG))
    assert decide_on([signal], scan(make_candidate(SAMSUNG))) == [Decision(effect=Effect.KEPT, signal=signal)]


def test_a_verdict_of_the_next_day_revises_and_keeps_the_id() -> None:
    signal = opened(make_candidate(SAMSUNG))
    (decision,) = decide_on([signal], scan(make_candidate(SAMSUNG, as_of=date(2026, 5, 4), score=71.0)))
    assert (decision.effect, decision.signal.signal_id, decision.signal.revision) == (Effect.REVISED, signal.signal_id, 2)
    assert decision.signal.previous_grade is None
    assert decision.signal.opened_on == date(2026, 4, 30)


def test_a_changed_grade_is_told_with_the_one_before() -> None:
    signal = opened(make_candidate(SAMSUNG, grade=Grade.B))
    (decision,) = decide_on([signal], scan(make_candidate(SAMSUNG, grade=Grade.A, as_of=date(2026, 5, 4))))
    assert decision.signal.previous_grade is Grade.B


def test_a_verdict_of_an_older_day_does_not_turn_a_signal_back() -> None:
    signal = opened(make_candidate(SAMSUNG))
    (decision,) = decide_on([signal], scan(make_candidate(SAMSUNG, as_of=date(2026, 4, 29))))
    assert decision.effect is Effect.KEPT


def test_a_waiting_signal_without_a_candidate_is_invalidated() -> None:
    signal = opened(make_candidate(SAMSUNG))
    (decision,) = decide_on([signal], scan())
    assert (decision.effect, decision.signal.state) == (Effect.CLOSED, SignalState.INVALIDATED)
    assert (decision.signal.close_reason, decision.signal.closed_time) == ("CONDITION_GONE", NOW)


@pytest.mark.parametrize(
    ("verdicts", "pending"),
    [
        (scan(), set()),
        (scan(complete=False), {SAMSUNG}),
        (scan(unjudged=(SAMSUNG,)), {SAMSUNG}),
    ],
    ids=["under way", "scan of a part", "could not be judged"],
)
def test_a_signal_stays_open_when_its_absence_says_nothing(verdicts: Verdicts, pending: set[Ticker]) -> None:
    assert decide_on([opened(make_candidate(SAMSUNG))], verdicts, pending) == []


def test_a_ticker_that_stands_twice_is_refused_by_its_place() -> None:
    with pytest.raises(InvalidInput) as caught:
        decide_on([], scan(make_candidate(HYNIX), make_candidate(SAMSUNG), make_candidate(HYNIX)))
    assert caught.value.field == "candidates[2].ticker"


def test_a_waiting_signal_takes_the_levels_of_the_newest_verdict() -> None:
    signal = opened(make_candidate(SAMSUNG, entry_krw=100))
    newer = make_candidate(SAMSUNG, as_of=date(2026, 5, 4), entry_krw=110)
    (decision,) = decide_on([signal], scan(newer), pending={SAMSUNG})
    assert (decision.signal.candidate.entry_krw, decision.signal.plan_on) == (110, date(2026, 5, 4))


def test_a_signal_under_way_keeps_the_levels_of_its_entry() -> None:
    signal = opened(make_candidate(SAMSUNG, entry_krw=100, stop_krw=90, target_krw=120))
    newer = make_candidate(SAMSUNG, as_of=date(2026, 5, 4), entry_krw=110, stop_krw=99, target_krw=130, score=90.0)
    (decision,) = decide_on([signal], scan(newer), pending=set())
    candidate = decision.signal.candidate
    assert (candidate.entry_krw, candidate.stop_krw, candidate.target_krw, candidate.score) == (100, 90, 120, 90.0)
    assert decision.signal.plan_on == date(2026, 4, 30)
