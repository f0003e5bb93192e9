"""What became of signals: outcomes of the live ones, of a backtest where nothing live has an end yet."""

from collections.abc import Sequence

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import candidate_pb2, statistics_pb2
from kstock.signal.v1 import signal_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.signals import kind_name
from servers.chat.answers.troubles import failed, missing
from servers.chat.recommendation.weighing import HORIZON_SESSIONS
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.signals import GET_BACKTESTS, GET_SCOREBOARD, BacktestsArguments, ScoreboardArguments
from servers.chat.tools.tool import Failure
from shared.market.money import format_percent
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND
from shared.rpc.messages.times import read_local_date, read_timestamp

_ROWS_TOLD = 4


def scoreboard_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """Outcomes of the live signals and of the newest backtests of the kinds asked about."""
    return (plan(GET_SCOREBOARD, _live(ask)), plan(GET_BACKTESTS, _backtests(ask)))


def tell_scoreboard(ask: Ask, lookups: Lookups) -> Part:
    """Hit rates beside their base rate at each kind's own horizon; small groups without a rate."""
    live = lookups.result(GET_SCOREBOARD, _live(ask))
    if isinstance(live, Failure):
        if live.reason == "NOT_SERVED":
            return missing(ask, ask.say("scoreboard.not_yet"))
        return failed(ask, live, "answer.what_scoreboard")
    period = str(ask.period).replace("..", "~") if ask.period else ask.say("scoreboard.all_time")
    kinds = ", ".join(kind_name(ask, kind) for kind in ask.entities.kinds) or kind_name(ask, None)
    if any(row.filled_count for row in live.rows):
        return _told(ask, live, headline=ask.say("scoreboard.headline", kind=kinds, period=period))
    none = ask.say("scoreboard.none", kind=kinds, period=period)
    backtests = lookups.result(GET_BACKTESTS, _backtests(ask))
    if isinstance(backtests, Failure) or not any(row.filled_count for row in backtests.rows):
        return missing(ask, none)
    return _told(ask, backtests, headline=ask.say("scoreboard.backtest", kind=kinds), lead=(Fact(text=none),))


def _live(ask: Ask) -> ScoreboardArguments:
    period = ask.period
    return ScoreboardArguments(
        kinds=ask.entities.kinds,
        since=period.first if period else None,
        until=min(period.last, ask.moment.today) if period else None,
    )


def _backtests(ask: Ask) -> BacktestsArguments:
    return BacktestsArguments(kinds=ask.entities.kinds)


def _told(ask: Ask, table: signal_service_pb2.GetScoreboardResponse, *, headline: str, lead: tuple[Fact, ...] = ()) -> Part:
    rows = [row for row in table.rows if row.signal_count]
    source = Source(label=ask.say("source.signals"), as_of=read_timestamp(table.computed_time))
    block = Block(
        content="scoreboard_table",
        value=block_pb2.ScoreboardTable(rows=rows, costs=table.costs),
        title=headline,
        text="\n".join(_row(ask, row) for row in rows),
        sources=(source,),
    )
    lines = [_row(ask, row) for row in _main_rows(rows)]
    return Part(
        lead=lead,
        headline=Fact(text=headline, sources=(source,)),
        facts=tuple(Fact(text=line, sources=(source,)) for line in (*_verdicts(ask, rows), *lines)),
        risks=(ask.say("scoreboard.past"),),
        blocks=(block,),
    )


def _main_rows(rows: Sequence[statistics_pb2.OutcomeStatistics]) -> list[statistics_pb2.OutcomeStatistics]:
    """Rows at the horizon of each kind's plan, all grades together first."""
    own = [row for row in rows if row.horizon_sessions == HORIZON_SESSIONS[SIGNAL_KIND.from_wire(row.kind, "row.kind")]]
    together = [row for row in own if row.grade == candidate_pb2.GRADE_UNSPECIFIED]
    return [*together, *(row for row in own if row.grade != candidate_pb2.GRADE_UNSPECIFIED)][:_ROWS_TOLD]


def _verdicts(ask: Ask, rows: Sequence[statistics_pb2.OutcomeStatistics]) -> list[str]:
    """Whether the four conditions for saying that a strategy works hold anywhere."""
    judged = [row.claim for row in rows if row.HasField("claim")]
    if not judged:
        return []
    return [ask.say("scoreboard.works" if any(claim.works for claim in judged) else "scoreboard.no_edge")]


def _row(ask: Ask, row: statistics_pb2.OutcomeStatistics) -> str:
    grade = GRADE.get(row.grade)
    values = {
        "kind": ask.say(f"name.kind_{SIGNAL_KIND.from_wire(row.kind, 'row.kind')}"),
        "grade": grade.value if grade else ask.say("scoreboard.all_grades"),
        "horizon": row.horizon_sessions,
        "count": f"{row.filled_count:,}",
    }
    if row.small_sample or not row.HasField("hit_rate_bps"):
        return ask.say("scoreboard.row_small", **values)
    return ask.say(
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


def _share(bps: int) -> str:
    return format_percent(bps).lstrip("+")


SCOREBOARD = Subject(plan=scoreboard_calls, tell=tell_scoreboard)
