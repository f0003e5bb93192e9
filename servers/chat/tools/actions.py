"""Personal rules and watch lists: previewed and read here; nothing is changed before the user has confirmed."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from kstock.alert.v1 import alert_service_pb2, rule_pb2

from servers.chat.peers import Peers
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.errors import InvalidInput
from shared.market.signal import Grade, SignalKind
from shared.rpc.messages.enums import GRADE, SIGNAL_KIND


class RuleKind(StrEnum):
    """What a rule watches."""

    PRICE = "price"
    CHANGE_PCT = "change_pct"
    VOLUME_RATIO = "volume_ratio"
    MINUTE_RETURN = "minute_return"
    DISPARITY = "disparity"
    NEW_SIGNAL = "new_signal"
    FLOW_STREAK = "flow_streak"
    GATE_CHANGE = "gate_change"
    NEWS = "news"


class Side(StrEnum):
    """Which side of a threshold fires."""

    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class RuleArguments:
    """A rule to preview."""

    kind: Annotated[RuleKind, About("what is watched")]
    ticker: Annotated[str, About("six-character code; empty for rules about the gate or any ticker")] = ""
    side: Annotated[Side | None, About("which side of the threshold fires")] = None
    threshold: Annotated[float | None, About("won, percent, multiple or days, by kind")] = None
    minutes: Annotated[int | None, About("minutes of a minute return", least=1, most=60)] = None
    signal_kind: Annotated[SignalKind | None, About("kind of a new signal")] = None
    min_grade: Annotated[Grade | None, About("lowest grade of a new signal")] = None
    institution: Annotated[bool, About("streak of institutions instead of foreigners")] = False
    repeating: Annotated[bool, About("fires again after each cooldown")] = False


@dataclass(frozen=True, slots=True)
class OwnRulesArguments:
    """Rules of the asker."""

    ticker: Annotated[str, About("six-character code; empty for all")] = ""


@dataclass(frozen=True, slots=True)
class OwnListArguments:
    """The asker's watch list."""


async def _preview(peers: Peers, arguments: RuleArguments) -> alert_service_pb2.CreateRuleResponse:
    rule = rule_message(arguments)
    request = alert_service_pb2.CreateRuleRequest(user_ref=peers.user_ref, rule=rule, preview=True)
    return await peers.alert.CreateRule(request)


async def _rules(peers: Peers, arguments: OwnRulesArguments) -> alert_service_pb2.ListRulesResponse:
    request = alert_service_pb2.ListRulesRequest(user_ref=peers.user_ref, ticker=arguments.ticker)
    return await peers.alert.ListRules(request)


async def _watch_items(peers: Peers, _: OwnListArguments) -> alert_service_pb2.ListWatchItemsResponse:
    return await peers.alert.ListWatchItems(alert_service_pb2.ListWatchItemsRequest(user_ref=peers.user_ref))


def rule_message(arguments: RuleArguments) -> rule_pb2.Rule:
    """The rule on the wire.

    Raises:
        InvalidInput: A threshold that the kind needs is missing.
    """
    rule = rule_pb2.Rule(ticker=arguments.ticker, repeating=arguments.repeating)
    builders = {
        RuleKind.PRICE: _price,
        RuleKind.CHANGE_PCT: _change,
        RuleKind.VOLUME_RATIO: _volume,
        RuleKind.MINUTE_RETURN: _minutes,
        RuleKind.DISPARITY: _disparity,
        RuleKind.NEW_SIGNAL: _signal,
        RuleKind.FLOW_STREAK: _streak,
    }
    builder = builders.get(arguments.kind)
    if builder is not None:
        builder(rule, arguments)
    elif arguments.kind is RuleKind.GATE_CHANGE:
        rule.gate.SetInParent()
    else:
        rule.news.SetInParent()
    return rule


def _price(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.price.comparison = _side(arguments)
    rule.price.price_krw = int(_threshold(arguments))


def _change(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.change.comparison = _side(arguments)
    rule.change.change_bps = int(_threshold(arguments) * 100)


def _volume(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.volume.ratio_e2 = int(_threshold(arguments) * 100)


def _minutes(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.minutes_return.minutes = arguments.minutes or 5
    rule.minutes_return.return_bps = int(_threshold(arguments) * 100)


def _disparity(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.disparity.disparity_bps = int(_threshold(arguments) * 100)


def _signal(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.signal.SetInParent()
    if arguments.signal_kind is not None:
        rule.signal.kind = SIGNAL_KIND.to_wire(arguments.signal_kind)
    if arguments.min_grade is not None:
        rule.signal.min_grade = GRADE.to_wire(arguments.min_grade)


def _streak(rule: rule_pb2.Rule, arguments: RuleArguments) -> None:
    rule.flow_streak.days = int(abs(_threshold(arguments)))
    rule.flow_streak.foreign = not arguments.institution
    rule.flow_streak.institution = arguments.institution


def _side(arguments: RuleArguments) -> rule_pb2.Comparison:
    return rule_pb2.COMPARISON_AT_MOST if arguments.side is Side.AT_MOST else rule_pb2.COMPARISON_AT_LEAST


def _threshold(arguments: RuleArguments) -> Decimal:
    if arguments.threshold is None:
        raise InvalidInput("threshold", f"is missing; a rule of kind {arguments.kind} needs one")
    return Decimal(str(arguments.threshold))


PREVIEW_ALERT = Tool(
    name="preview_alert",
    domain="alerts",
    description="Checks an alert rule and reads it back without saving it.",
    arguments=RuleArguments,
    run=_preview,
)
LIST_ALERTS = Tool(
    name="list_alerts",
    domain="alerts",
    description="Alert rules of the asker.",
    arguments=OwnRulesArguments,
    run=_rules,
)
LIST_WATCH_ITEMS = Tool(
    name="list_watch_items",
    domain="watchlist",
    description="Watch list of the asker.",
    arguments=OwnListArguments,
    run=_watch_items,
)
