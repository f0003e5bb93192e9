"""One ticker of the digest in words: what speaks for it, what against it, where its strategies disagree."""

from kstock.chat.v1 import chat_service_pb2
from kstock.common.v1 import candidate_pb2, market_gate_pb2
from kstock.signal.v1 import signal_pb2

from servers.chat.answers.speech import Speech
from servers.chat.recommendation.weighing import ALARMS, Weighed, disagree, kind_of
from shared.market.language import Language
from shared.market.money import format_percent, format_price
from shared.rpc.messages.enums import GRADE
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_local_date

_REASONS_SHOWN = 3
_CAUTIONS_SHOWN = 2
_PARTS_SHOWN = 2
_LEVELS = ("entry", "target", "stop")


def recommendation(
    weighed: Weighed, gate: market_gate_pb2.MarketGate | None, speech: Speech
) -> chat_service_pb2.Recommendation:
    """The message of one ticker; prices are levels of the strategy with the day that they are of, never a promise."""
    message = chat_service_pb2.Recommendation(
        ticker=weighed.best.ticker,
        name=weighed.best.name,
        signals=weighed.signals,
        reasons=_reasons(weighed, speech),
        risks=_risks(weighed, gate, speech),
        contradictions=_contradictions(weighed, speech),
        weight=round(weighed.weight, 1),
    )
    if weighed.statistics is not None:
        message.statistics.CopyFrom(weighed.statistics)
    return message


def _reasons(weighed: Weighed, speech: Speech) -> list[str]:
    best = weighed.best
    since, day = read_local_date(best.opened_on).isoformat(), read_local_date(best.as_of).isoformat()
    close = format_price(best.close_krw, speech.language)
    words = {"kind": _kind(best, speech), "grade": GRADE.from_wire(best.grade, "grade"), "since": since, "day": day}
    lines = [speech.say("digest.standing", **words, score=f"{best.score:g}", most=f"{best.max_score:g}", close=close)]
    lines += _grounds(best, speech)
    lines += [line for line in (_levels(best, speech),) if line]
    for other in weighed.signals[1:]:
        if not disagree(kind_of(best), kind_of(other)):
            grade = GRADE.from_wire(other.grade, "grade")
            lines.append(speech.say("digest.agreeing", kind=_kind(other, speech), grade=grade))
    return [*lines, _outcomes(weighed, speech)]


def _grounds(best: signal_pb2.Signal, speech: Speech) -> list[str]:
    """The strategy's own sentences, which it words in Korean; in another language the parts that scored best."""
    if speech.language is Language.KO and best.reasons:
        return list(best.reasons[:_REASONS_SHOWN])
    scored = [part for part in best.components if part.points > 0 and part.max_points > 0]
    strongest = sorted(scored, key=lambda part: -part.points / part.max_points)[:_PARTS_SHOWN]
    items = ", ".join(_part(part, speech) for part in strongest)
    return [speech.say("digest.parts", items=items)] if items else []


def _levels(best: signal_pb2.Signal, speech: Speech) -> str:
    prices = {name: optional_int(best, f"{name}_krw") for name in _LEVELS}
    items = [
        speech.say(f"digest.level_{name}", price=format_price(price, speech.language))
        for name, price in prices.items()
        if price is not None
    ]
    return speech.say("digest.levels", items=" · ".join(items)) if items else ""


def _outcomes(weighed: Weighed, speech: Speech) -> str:
    statistics = weighed.statistics
    if statistics is None:
        return speech.say("digest.no_sample")
    if statistics.small_sample or not statistics.HasField("hit_rate_bps"):
        return speech.say("digest.small_sample", count=statistics.filled_count)
    return speech.say(
        "digest.backtested" if weighed.backtested else "digest.outcomes",
        count=statistics.filled_count,
        period=f"{read_local_date(statistics.since)}~{read_local_date(statistics.until)}",
        horizon=statistics.horizon_sessions,
        hit=_share(statistics.held_hit_rate_bps if statistics.HasField("held_hit_rate_bps") else statistics.hit_rate_bps),
        median=format_percent(statistics.median_net_return_bps),
        worst=format_percent(statistics.worst_net_return_bps),
        base=_share(statistics.base_rate.hit_rate_bps),
    )


def _risks(weighed: Weighed, gate: market_gate_pb2.MarketGate | None, speech: Speech) -> list[str]:
    best, statistics = weighed.best, weighed.statistics
    risks = list(best.cautions[:_CAUTIONS_SHOWN]) if speech.language is Language.KO else []
    if not best.tradable:
        risks.append(speech.say("digest.blocked"))
    if statistics is not None and not statistics.small_sample and statistics.excess_bps < 0:
        excess = f"{statistics.excess_bps / 100:+.2f}"
        risks.append(speech.say("digest.worse", excess=excess))
    stop = optional_int(best, "stop_krw")
    if stop is not None and best.close_krw > 0:
        risks.append(speech.say("digest.to_stop", distance=format_percent(round((stop / best.close_krw - 1) * 10_000))))
    return [*risks, *_gate_risk(gate, speech), speech.say("digest.can_fail")]


def _gate_risk(gate: market_gate_pb2.MarketGate | None, speech: Speech) -> list[str]:
    if gate is None:
        return [speech.say("digest.gate_unknown")]
    if gate.colour == market_gate_pb2.GATE_COLOUR_GREEN:
        return []
    colour = market_gate_pb2.GateColour.Name(gate.colour).removeprefix("GATE_COLOUR_")
    return [speech.say("digest.gate_risk", colour=speech.say(f"name.colour_{colour}"), level=gate.level)]


def _contradictions(weighed: Weighed, speech: Speech) -> list[str]:
    best = kind_of(weighed.best)
    lines = []
    for other in weighed.signals[1:]:
        if disagree(best, kind_of(other)):
            key = "digest.alarm" if kind_of(other) in ALARMS else "digest.fallen_rising"
            lines.append(speech.say(key, one=_kind(weighed.best, speech), other=_kind(other, speech)))
    return lines


def _kind(signal: signal_pb2.Signal, speech: Speech) -> str:
    return speech.say(f"name.kind_{kind_of(signal)}")


def _part(part: candidate_pb2.Component, speech: Speech) -> str:
    key = f"name.part_{part.name}"
    name = speech.say(key) if speech.has(key) else part.name
    return f"{name} {part.points:g}/{part.max_points:g}"


def _share(bps: int) -> str:
    return format_percent(bps).lstrip("+")
