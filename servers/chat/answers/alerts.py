"""Alert rules: understood, previewed, listed, changed and deleted; said to be unavailable while no service answers."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from servers.chat.answers.actions import previewed, unavailable
from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.figures import count, price_with_change, quote_badge
from servers.chat.answers.part import Fact, Part
from servers.chat.answers.plain import ask_with_examples
from servers.chat.answers.quotes import quote_source
from servers.chat.answers.troubles import failed
from servers.chat.tools.actions import (
    LIST_ALERTS,
    PREVIEW_ALERT,
    OwnRulesArguments,
    RuleArguments,
    RuleKind,
    Side,
)
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.prices import GET_PRICE_HISTORY, GET_QUOTES, PricesArguments, QuotesArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.values import Comparison, Condition, ConditionKind, Investor
from shared.market.money import format_price

_BASE_SESSIONS = 20
_MOST_RULES = 5
"""Rules of one question that are read back."""
_PERCENTS = frozenset({ConditionKind.CHANGE_PCT, ConditionKind.MINUTE_RETURN, ConditionKind.DISPARITY})
_SIDES = {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤", Comparison.REACH: "="}


def alert_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """For each rule: checked by its service, the price now, and for volumes the base that the multiple counts from."""
    return tuple(call for one in _each(ask) for call in _rule_calls(one))


def tell_alert(ask: Ask, lookups: Lookups) -> Part:
    """Each rule in words, with the value now and what it is measured against."""
    parts = [_tell_rule(one, lookups) for one in _each(ask)]
    first, *others = parts
    return replace(
        first,
        facts=(*first.facts, *(fact for part in others for fact in (part.headline, *part.facts))),
        blocks=tuple(block for part in parts for block in part.blocks),
    )


def _each(ask: Ask) -> Sequence[Ask]:
    """The question as if it asked for one rule, for each that it asks for."""
    understanding = ask.understanding
    if not understanding.wishes:
        return (ask,)
    return [
        replace(
            ask,
            understanding=replace(
                understanding,
                condition=wish.condition,
                entities=replace(understanding.entities, stocks=(wish.stock,) if wish.stock else ()),
            ),
        )
        for wish in understanding.wishes[:_MOST_RULES]
    ]


def _rule_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    condition = ask.understanding.condition
    if condition is None:
        return ()
    calls = [plan(PREVIEW_ALERT, rule_arguments(ask, condition))]
    if ask.stocks:
        calls.append(plan(GET_QUOTES, _quote_arguments(ask)))
        if condition.kind is ConditionKind.VOLUME_RATIO:
            calls.append(plan(GET_PRICE_HISTORY, _base_arguments(ask)))
    return tuple(calls)


def rule_arguments(ask: Ask, condition: Condition) -> RuleArguments:
    """The condition as a rule; reaching a price means passing it from where the question stands."""
    return RuleArguments(
        kind=RuleKind(condition.kind.value),
        ticker=ask.stocks[0].ticker if ask.stocks else "",
        side=Side.AT_MOST if condition.comparison is Comparison.AT_MOST else Side.AT_LEAST,
        threshold=None if condition.threshold is None else float(condition.threshold),
        minutes=condition.minutes,
        signal_kind=condition.signal_kind,
        min_grade=condition.min_grade,
        institution=condition.investor is Investor.INSTITUTION,
        repeating=condition.repeating,
    )


def _tell_rule(ask: Ask, lookups: Lookups) -> Part:
    condition = ask.understanding.condition
    if condition is None:
        known = bool(ask.stocks)
        return ask_with_examples(
            ask,
            "action.alert_unclear" if known else "clarify.alert_stock",
            "clarify.alert_conditions" if known else "clarify.alert_examples",
        )
    summary = summary_of(ask, condition)
    preview = lookups.result(PREVIEW_ALERT, rule_arguments(ask, condition))
    facts = (*_base_volume(ask, condition, lookups), *_current(ask, lookups))
    if isinstance(preview, Failure):
        if preview.reason != "NOT_SERVED":
            return failed(ask, preview, "answer.what_alert")
        return unavailable(ask, "alerting.create_unavailable", "alert.create", summary=summary, facts=facts)
    shown = preview.rule.summary or summary
    already = (Fact(text=ask.say("action.already")),) if preview.already_met else ()
    return previewed(ask, "alert.create", ask.say("action.alert", summary=shown), facts=(*facts, *already))


def summary_of(ask: Ask, condition: Condition) -> str:
    """The rule in words: what, which side, how much, once or repeating."""
    if condition.kind is ConditionKind.GATE_CHANGE:
        text = ask.say("action.gate_change")
    else:
        text = ask.say(f"action.rule_{condition.kind}", **_rule_words(ask, condition))
    return f"{text} · {ask.say('action.repeating' if condition.repeating else 'action.once')}"


def _rule_words(ask: Ask, condition: Condition) -> dict[str, str]:
    kind, grade = condition.signal_kind, condition.min_grade
    selling = condition.threshold is not None and condition.threshold < 0
    return {
        "name": ask.name(ask.stocks[0]) if ask.stocks else ask.say("action.any_stock"),
        "side": _SIDES.get(condition.comparison or Comparison.REACH, "="),
        "value": _value(ask, condition),
        "minutes": str(condition.minutes or ""),
        "kind": ask.say(f"name.kind_{kind}") if kind else ask.say("action.any_kind"),
        "grade": ask.say("action.grade_from", grade=grade.value) if grade else "",
        "who": ask.say(f"name.investor_{condition.investor or Investor.FOREIGN}"),
        "days": f"{abs(condition.threshold or Decimal(0)):f}",
        "verb": ask.say("action.verb_sell" if selling else "action.verb_buy"),
    }


def _value(ask: Ask, condition: Condition) -> str:
    if condition.threshold is None:
        return ""
    if condition.kind is ConditionKind.PRICE:
        return format_price(int(condition.threshold), ask.language)
    number = f"{condition.threshold.normalize():f}"
    return f"{number}%" if condition.kind in _PERCENTS else number


def _base_volume(ask: Ask, condition: Condition, lookups: Lookups) -> tuple[Fact, ...]:
    """The 20-day mean that a volume multiple counts from."""
    if condition.kind is not ConditionKind.VOLUME_RATIO or not ask.stocks or condition.threshold is None:
        return ()
    history = lookups.result(GET_PRICE_HISTORY, _base_arguments(ask))
    if isinstance(history, Failure):
        return ()
    mean = history.summary.mean_volume_shares
    threshold = int(mean * condition.threshold)
    text = ask.say("action.base_volume", mean=count(mean, ask.language), threshold=count(threshold, ask.language))
    return (Fact(text=text),)


def _current(ask: Ask, lookups: Lookups) -> tuple[Fact, ...]:
    if not ask.stocks:
        return ()
    quotes = lookups.result(GET_QUOTES, _quote_arguments(ask))
    if isinstance(quotes, Failure) or not quotes.quotes:
        return ()
    quote = quotes.quotes[0]
    badge = quote_badge(quote, ask.moment.now, ask.language)
    value = f"{price_with_change(quote, ask.language)} {badge}"
    return (Fact(text=ask.say("action.current", value=value), sources=(quote_source(ask, quote),)),)


def _quote_arguments(ask: Ask) -> QuotesArguments:
    return QuotesArguments(tickers=(ask.stocks[0].ticker,))


def _base_arguments(ask: Ask) -> PricesArguments:
    return PricesArguments(ticker=ask.stocks[0].ticker, until=ask.moment.anchor, sessions=_BASE_SESSIONS)


def own_alerts_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    """The asker's rules."""
    return (plan(LIST_ALERTS, _own_rules(ask)),)


def tell_own_alerts(ask: Ask, lookups: Lookups) -> Part:
    """The rules with their ids."""
    rules = lookups.result(LIST_ALERTS, _own_rules(ask))
    if isinstance(rules, Failure):
        if rules.reason != "NOT_SERVED":
            return failed(ask, rules, "answer.what_alert")
        return unavailable(ask, "action.alert_list_unavailable", "alert.list")
    if not rules.rules:
        return Part(headline=Fact(text=ask.say("action.alert_none")), disclaimer=False)
    facts = tuple(Fact(text=f"{rule.rule_id} {rule.summary}") for rule in rules.rules)
    return Part(headline=Fact(text=ask.say("action.alert_list", count=len(rules.rules))), facts=facts, disclaimer=False)


def tell_delete_alert(ask: Ask, lookups: Lookups) -> Part:
    """Which rules would go; they go after a confirmation."""
    rules = lookups.result(LIST_ALERTS, _own_rules(ask))
    name = f" ({ask.name(ask.stocks[0])})" if ask.stocks else ""
    if isinstance(rules, Failure):
        if rules.reason != "NOT_SERVED":
            return failed(ask, rules, "answer.what_alert")
        return unavailable(ask, "action.alert_delete_unavailable", "alert.delete", name=name)
    if not rules.rules:
        return Part(headline=Fact(text=ask.say("action.alert_none")), disclaimer=False)
    summary = ", ".join(f"{rule.rule_id} {rule.summary}" for rule in rules.rules)
    return previewed(ask, "alert.delete", summary)


def tell_change_alert(ask: Ask, lookups: Lookups) -> Part:
    """Which rule would be changed into what; it changes after a confirmation."""
    rules = lookups.result(LIST_ALERTS, _own_rules(ask))
    wanted = _wanted(ask)
    name = ask.name(ask.stocks[0]) if ask.stocks else ask.say("alerting.rule")
    if isinstance(rules, Failure):
        if rules.reason != "NOT_SERVED":
            return failed(ask, rules, "answer.what_alert")
        summary = ask.say("alerting.change", name=name, wanted=wanted)
        return unavailable(ask, "alerting.change_unavailable", "alert.change", summary=summary)
    if not rules.rules:
        return Part(headline=Fact(text=ask.say("action.alert_none")), disclaimer=False)
    old = ", ".join(f"{rule.rule_id} {rule.summary}" for rule in rules.rules)
    return previewed(ask, "alert.change", ask.say("alerting.change", name=old, wanted=wanted))


def _wanted(ask: Ask) -> str:
    """What the rule is to become, in words."""
    condition = ask.understanding.condition
    repeating = ask.understanding.repeats
    words = []
    if condition is not None:
        side = _SIDES.get(condition.comparison or Comparison.REACH, "=")
        words.append(ask.say("alerting.value", side=side, value=_value(ask, condition)))
    if repeating is not None:
        words.append(ask.say("action.repeating" if repeating else "action.once"))
    return " · ".join(words) or ask.say("alerting.what")


def _own_rules(ask: Ask) -> OwnRulesArguments:
    return OwnRulesArguments(ticker=ask.stocks[0].ticker if ask.stocks else "")


ALERT_CREATE = Subject(plan=alert_calls, tell=tell_alert)
ALERT_LIST = Subject(plan=own_alerts_calls, tell=tell_own_alerts)
ALERT_DELETE = Subject(plan=own_alerts_calls, tell=tell_delete_alert)
ALERT_CHANGE = Subject(plan=own_alerts_calls, tell=tell_change_alert)
