"""What became of signals: outcomes of the live ones, of a backtest where nothing live has an end yet."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import candidate_pb2
from kstock.common.v1.statistics_pb2 import OutcomeStatistics as Statistics
from kstock.signal.v1 import signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.signal_histories import history_calls, tell_history
from servers.chat.answers.signals import kind_name
from servers.chat.answers.troubles import failed, missing
from servers.chat.knowledge.glossary import Explanation
from servers.chat.recommendation.weighing import HORIZON_SESSIONS
from servers.chat.tools.knowledge import TermArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import GET_BACKTESTS, GET_SCOREBOARD, BacktestsArguments, ScoreboardArguments
from servers.chat.tools.tool import Failure, Tool
from servers.chat.understanding.values import Period
from shared.market.money import format_percent
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_local_date, read_timestamp

_ROWS_TOLD = 4


_HORIZONS = (1, 3, 5, 10, 20, 60)
_PAST = ("최근", "지난", "동안", "last", "past", "recent")
_HELD = re.compile(
    r"([0-9]+)\s?(?:거래)?일\s?(?:짜리\s?)?(?:보유|뒤|후|기준)|([0-9]+)[- ](?:day|session)s?(?: hold| horizon| later|-ahead)"
)
_CLAIMED = re.compile(
    r"다던데|다며|라며|라던데|다는데|들었|검증(?:됐|되었|된)|맞(?:아|나|지|죠|는지)|확인해|사실(?:이|인)|정말|진짜|"
    r"confirm|is it true|right\?|i heard|proven|verified|correct\?|you (?:said|claim)"
)
_MORE = re.compile(r"손익비|중앙값|중간값|중위|profit factor|payoff|median")
"""Questions for figures that the short line leaves out."""


def scoreboard_subject(define: Tool[TermArguments, Explanation]) -> Subject:
    """How outcomes are told.

    Args:
        define: The tool over the glossary, which says what is known of a strategy when no outcome is stored.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        if ask.stocks:
            return history_calls(ask)
        known = (plan(define, term) for term in _terms(ask))
        return (plan(GET_SCOREBOARD, _live(ask)), plan(GET_BACKTESTS, _backtests(ask)), *known)

    def tell(ask: Ask, lookups: Lookups) -> Part:
        if ask.stocks:
            return tell_history(ask, lookups)
        known = []
        for term in _terms(ask):
            found = lookups.result(define, term)
            if not isinstance(found, Failure):
                known.append(found)
        return _tell(ask, lookups, known)

    return Subject(plan=calls, tell=tell)


def _tell(ask: Ask, lookups: Lookups, known: Sequence[Explanation]) -> Part:
    """Hit rates beside their base rate at each kind's own horizon; small groups without a rate."""
    live = lookups.result(GET_SCOREBOARD, _live(ask))
    if isinstance(live, Failure):
        if live.reason == "NOT_SERVED":
            return missing(ask, ask.say("scoreboard.not_yet"))
        return failed(ask, live, "answer.what_scoreboard")
    asked = _period(ask)
    period = str(asked).replace("..", "~") if asked else ask.say("scoreboard.all_time")
    kinds = ", ".join(kind_name(ask, kind) for kind in ask.entities.kinds) or kind_name(ask, None)
    if any(row.filled_count for row in live.rows):
        return _told(ask, live, headline=ask.say("scoreboard.headline", kind=kinds, period=period))
    none = ask.say("scoreboard.none", kind=kinds, period=period)
    backtests = lookups.result(GET_BACKTESTS, _backtests(ask))
    if isinstance(backtests, Failure) or not any(row.filled_count for row in backtests.rows):
        return _nothing(ask, none, known)
    whole = (Fact(text=ask.say("outcomes.whole_backtest")),) if asked else ()
    return _told(ask, backtests, headline=ask.say("scoreboard.backtest", kind=kinds), lead=(Fact(text=none), *whole))


def _nothing(ask: Ask, none: str, known: Sequence[Explanation]) -> Part:
    """No outcome is stored: then nothing is confirmed, and what is known of the strategies is their limits."""
    part = missing(ask, none, (ask.say("outcomes.try"),))
    source = Source(label=ask.say("source.glossary"))
    claimed = (Fact(text=ask.say("outcomes.unconfirmed")),) if _claims(ask) else ()
    limits = tuple(Fact(text=f"{one.term}: {one.limits}", sources=(source,)) for one in known if one.limits)
    return replace(part, facts=(*claimed, *limits), risks=(ask.say("scoreboard.past"),))


def _claims(ask: Ask) -> bool:
    """Whether the question takes an outcome for granted or wants it confirmed."""
    return bool(_CLAIMED.search(ask.understanding.text.casefold()))


def _terms(ask: Ask) -> tuple[TermArguments, ...]:
    keys = (kind.value.lower() for kind in ask.entities.kinds)
    return tuple(TermArguments(term=key, language=ask.language) for key in keys if key in ask.glossary_keys)


def _period(ask: Ask) -> Period | None:
    """The days of opening that are asked for; a number of sessions is how long signals are held, if not past ones."""
    period = ask.period
    if period is None or period.first > ask.moment.today or _is_horizon(period):
        return None
    return period


def _is_horizon(period: Period) -> bool:
    return period.sessions in _HORIZONS and not any(word in period.words for word in _PAST)


def _horizon(ask: Ask) -> int | None:
    """How many sessions the question holds signals; None for each kind's own."""
    match = _HELD.search(ask.understanding.text.casefold())
    if match is not None:
        return int(match[1] or match[2])
    period = ask.period
    return period.sessions if period is not None and _is_horizon(period) else None


def _live(ask: Ask) -> ScoreboardArguments:
    period = _period(ask)
    return ScoreboardArguments(
        kinds=ask.entities.kinds,
        since=period.first if period else None,
        until=min(period.last, ask.moment.today) if period else None,
    )


def _backtests(ask: Ask) -> BacktestsArguments:
    return BacktestsArguments(kinds=ask.entities.kinds)


def _told(ask: Ask, table: signal_service_pb2.GetScoreboardResponse, *, headline: str, lead: tuple[Fact, ...] = ()) -> Part:
    rows = _asked_rows(ask, [row for row in table.rows if row.signal_count])
    source = Source(label=ask.say("source.signals"), as_of=read_timestamp(table.computed_time))
    block = Block(
        content="scoreboard_table",
        value=block_pb2.ScoreboardTable(rows=rows, costs=table.costs),
        title=headline,
        text="\n".join(_row(ask, row) for row in rows),
        sources=(source,),
    )
    lines = [_row(ask, row) for row in _main_rows(ask, rows)]
    works = any(row.HasField("claim") and row.claim.works for row in rows)
    doubted = (Fact(text=ask.say("outcomes.not_proven")),) if _claims(ask) and not works else ()
    return Part(
        lead=(*doubted, *lead),
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in (*_verdicts(ask, rows), *lines)),
        risks=(ask.say("scoreboard.past"),),
        blocks=(block,),
    )


def _asked_rows(ask: Ask, rows: Sequence[Statistics]) -> list[Statistics]:
    """The rows of the horizon and the grades that are asked for; all of them where the table has none of those."""
    horizon = _horizon(ask)
    held = [row for row in rows if row.horizon_sessions == horizon] or list(rows)
    grades = {GRADE.to_wire(grade) for grade in ask.entities.grades}
    return [row for row in held if row.grade in grades] or held


def _main_rows(ask: Ask, rows: Sequence[Statistics]) -> list[Statistics]:
    """Rows at the horizon asked for or else that of each kind's plan, all grades together first."""
    horizon = _horizon(ask)
    own = [
        row
        for row in rows
        if row.horizon_sessions == (horizon or HORIZON_SESSIONS[SIGNAL_KIND.from_wire(row.kind, "row.kind")])
    ] or list(rows)
    together = [row for row in own if row.grade == candidate_pb2.GRADE_UNSPECIFIED]
    return [*together, *(row for row in own if row.grade != candidate_pb2.GRADE_UNSPECIFIED)][: _ROWS_TOLD + len(together)]


def _verdicts(ask: Ask, rows: Sequence[Statistics]) -> list[str]:
    """Whether the four conditions for saying that a strategy works hold anywhere."""
    judged = [row.claim for row in rows if row.HasField("claim")]
    if not judged:
        return []
    return [ask.say("scoreboard.works" if any(claim.works for claim in judged) else "scoreboard.no_edge")]


def _row(ask: Ask, row: Statistics) -> str:
    grade = GRADE.get(row.grade)
    values = {
        "kind": ask.say(f"name.kind_{SIGNAL_KIND.from_wire(row.kind, 'row.kind')}"),
        "grade": grade.value if grade else ask.say("scoreboard.all_grades"),
        "horizon": row.horizon_sessions,
        "count": f"{row.filled_count:,}",
    }
    if row.small_sample or not row.HasField("hit_rate_bps"):
        return ask.say("scoreboard.row_small", **values)
    line = ask.say(
        "scoreboard.row",
        **values,
        since=read_local_date(row.since).isoformat(),
        until=read_local_date(row.until).isoformat(),
        hit=_share(row.held_hit_rate_bps),
        mean=format_percent(row.held_net_return_bps),
        base=_share(row.base_rate.hit_rate_bps) if row.HasField("base_rate") else "-",
        base_mean=format_percent(row.base_rate.mean_net_return_bps) if row.HasField("base_rate") else "-",
        worst=format_percent(row.worst_net_return_bps),
    )
    return line + _more(ask, row) if _MORE.search(ask.understanding.text.casefold()) else line


def _more(ask: Ask, row: Statistics) -> str:
    """Median and profit factor of the trades with target and stop."""
    return ask.say(
        "outcomes.more",
        median=format_percent(row.median_net_return_bps) if row.HasField("median_net_return_bps") else "-",
        factor=f"{row.profit_factor:.2f}" if row.HasField("profit_factor") else "-",
    )


def _share(bps: int) -> str:
    return format_percent(bps).lstrip("+")
