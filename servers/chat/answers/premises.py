"""How a price really moved over the days that a question about a cause speaks of, and whether that fits its premise."""

from dataclasses import dataclass

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import rate
from servers.chat.answers.part import Block, Fact
from servers.chat.answers.told_bars import ToldBars, as_told, calculation_line, range_of, summary_block
from servers.chat.answers.windows import asked_day, window
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, PricesArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Direction, Unit

_RECENTLY = 5
"""Sessions of `요즘` and `며칠째`."""
_DOUBLED = 9_000
_LIMIT = 2_900
"""Basis points from which a price has about doubled, or moved about as far as a day allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The move over the days spoken of: what corrects the question, the figures, and their block."""

    corrections: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    judged: bool = False


def move_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Bars of the days spoken of, of the last few without any."""
    return () if window(ask, default_sessions=_RECENTLY).empty else (plan(GET_PRICE_HISTORY, _arguments(ask)),)


def told_move(ask: Ask, lookups: Lookups) -> Move:
    """What the bars say; nothing when there are none."""
    if window(ask, default_sessions=_RECENTLY).empty:
        return Move()
    history = lookups.result(GET_PRICE_HISTORY, _arguments(ask))
    if isinstance(history, Failure):
        return Move()
    one = as_told(ask, ask.stocks[0], history)
    line = calculation_line(ask, one)
    judged = _is_about_days(ask)
    return Move(
        corrections=_corrections(ask, one) if judged else (),
        facts=(line,),
        blocks=(summary_block(ask, one, text=f"{line.text}\n{range_of(one)}"),),
        judged=judged,
    )


def _arguments(ask: Ask) -> PricesArguments:
    ticker, past, period = ask.stocks[0].ticker, asked_day(ask), ask.period
    if past is not None or (period is not None and period.single):
        return PricesArguments(ticker=ticker, until=min(past or ask.moment.anchor, ask.moment.anchor), sessions=1)
    days = window(ask, default_sessions=_RECENTLY)
    return PricesArguments(ticker=ticker, until=days.until, since=days.since, sessions=days.sessions)


def _is_about_days(ask: Ask) -> bool:
    """Whether the premise is about other days than the running or last session."""
    period = ask.period
    return ask.understanding.spoken.has(Concept.STREAK) or (
        period is not None and (not period.single or asked_day(ask) is not None)
    )


def _corrections(ask: Ask, one: ToldBars) -> tuple[Fact, ...]:
    change, claimed = one.summary.change_bps, claimed_direction(ask)
    times = [item.value for item in ask.entities.quantities if item.unit is Unit.MULTIPLE]
    wrong = (claimed is Direction.DOWN and change >= 0) or (claimed is Direction.UP and change <= 0)
    values = {"name": ask.name(one.stock), "change": rate(change), "days": range_of(one)}
    if wrong:
        key = "premise.not_down" if claimed is Direction.DOWN else "premise.not_up"
    elif times and change < _DOUBLED * (int(times[0]) - 1):
        key = "premise.not_times"
        values["times"] = f"{times[0]:g}"
    elif ask.understanding.spoken.has(Concept.LIMIT) and one.summary.session_count == 1 and abs(change) < _LIMIT:
        key = "premise.no_limit"
    else:
        return ()
    return (Fact(text=ask.say(key, **values, badge=one.badge), sources=(one.source,)),)


def claimed_direction(ask: Ask) -> Direction | None:
    """Which way the question says that the price went, by whatever word."""
    spoken = ask.understanding.spoken
    rose, fell = spoken.place(Concept.ROSE), spoken.place(Concept.FELL)
    if rose == fell:
        return ask.understanding.premise
    return Direction.UP if rose < fell else Direction.DOWN
