"""The condition of an alert rule in words: 8만원 넘으면, 5% 이상 빠지면, 거래량 3배, VCP 뜨면, 외국인 3일 연속 순매수."""

from dataclasses import replace

from servers.chat.understanding.canvas import Canvas
from servers.chat.understanding.lexicon import Words
from servers.chat.understanding.values import (
    Aspect,
    Comparison,
    Condition,
    ConditionKind,
    Direction,
    Entities,
    Quantity,
    Unit,
)
from shared.market.signal import Grade, SignalKind

_UPWARDS = frozenset({Comparison.AT_LEAST, Comparison.ABOVE})
_DOWNWARDS = frozenset({Comparison.AT_MOST, Comparison.BELOW})

_NEWS = ("뉴스|기사|공시|소식", "news|headlines?|disclosure")
_GATE = ("마켓게이트|게이트", "market[- _]?gate|gate")
_ONCE = ("(?:한|1)(?:번|회)만|1회|일회", "once(?! )|one[- ](?:off|time|shot)")
_AVERAGE = ("일선|이동평균|이평", "moving averages?|-day (?:line|average|ma)")
_SIGNAL = ("시그널|신호(?!등)|▣", "signals?|▣")


def read_condition(entities: Entities, canvas: Canvas, marks: Words) -> Condition | None:
    """The condition that an alert is asked for; None when the question states none."""
    specific = (_minute_return(entities), _disparity(entities), _flow_streak(entities), _volume_ratio(entities))
    general = (_signal(entities, canvas), _change(entities), _price(entities, canvas), _event(canvas))
    found = next((condition for condition in (*specific, *general) if condition is not None), None)
    return None if found is None else replace(found, repeating=_any(canvas, marks["repeating"]))


def repeats(canvas: Canvas, marks: Words) -> bool | None:
    """Whether an alert is to ring every time, or only once; None where the question says neither."""
    if _any(canvas, marks["repeating"]):
        return True
    return False if _any(canvas, _ONCE) else None


def read_change(entities: Entities, canvas: Canvas, marks: Words) -> Condition | None:
    """What an alert is to be changed to: of several values the last, `6만원 말고 7만원으로`."""
    return read_condition(replace(entities, quantities=entities.quantities[::-1]), canvas, marks)


def _minute_return(entities: Entities) -> Condition | None:
    minutes, percent = _first(entities, Unit.MINUTES), _first(entities, Unit.PERCENT)
    if minutes is None or percent is None:
        return None
    change = _change_condition(percent, entities.direction)
    return replace(change, kind=ConditionKind.MINUTE_RETURN, minutes=int(minutes.value))


def _disparity(entities: Entities) -> Condition | None:
    percent = _first(entities, Unit.PERCENT)
    if SignalKind.DISPARITY not in entities.kinds or percent is None:
        return None
    return Condition(kind=ConditionKind.DISPARITY, comparison=Comparison.AT_MOST, threshold=-abs(percent.value))


def _flow_streak(entities: Entities) -> Condition | None:
    streak = _first(entities, Unit.STREAK_DAYS)
    if streak is None or not entities.investors:
        return None
    sign = -1 if entities.direction is Direction.DOWN else 1
    comparison = Comparison.AT_MOST if sign < 0 else Comparison.AT_LEAST
    return Condition(
        kind=ConditionKind.FLOW_STREAK,
        comparison=comparison,
        threshold=sign * streak.value,
        investor=entities.investors[0],
    )


def _volume_ratio(entities: Entities) -> Condition | None:
    multiple = _first(entities, Unit.MULTIPLE)
    if multiple is None or not {Aspect.VOLUME, Aspect.TURNOVER}.intersection(entities.aspects):
        return None
    return Condition(kind=ConditionKind.VOLUME_RATIO, comparison=Comparison.AT_LEAST, threshold=multiple.value)


def _signal(entities: Entities, canvas: Canvas) -> Condition | None:
    if not entities.kinds and not _any(canvas, _SIGNAL):
        return None
    kind = entities.kinds[0] if entities.kinds else None
    grade = max(entities.grades, key=list(Grade).index) if entities.grades else None
    return Condition(kind=ConditionKind.NEW_SIGNAL, signal_kind=kind, min_grade=grade)


def _event(canvas: Canvas) -> Condition | None:
    """What happens without a number: news, another colour of the gate."""
    if _any(canvas, _NEWS):
        return Condition(kind=ConditionKind.NEWS)
    return Condition(kind=ConditionKind.GATE_CHANGE) if _any(canvas, _GATE) else None


def _change(entities: Entities) -> Condition | None:
    percent = _first(entities, Unit.PERCENT)
    return None if percent is None else _change_condition(percent, entities.direction)


def _price(entities: Entities, canvas: Canvas) -> Condition | None:
    price = _first(entities, Unit.WON)
    if price is None and not _any(canvas, _AVERAGE):  # the 20 of a 20-day line is no price
        price = _first(entities, Unit.NONE)
    if price is None or price.value <= 0:
        return None
    comparison = _comparison(price, entities.direction)
    return Condition(kind=ConditionKind.PRICE, comparison=comparison, threshold=price.value)


def _change_condition(percent: Quantity, direction: Direction | None) -> Condition:
    """The sign follows the words (5 % 빠지면 is at most -5 %); a written sign wins."""
    falling = percent.value < 0 or direction is Direction.DOWN
    value = -abs(percent.value) if falling else percent.value
    comparison = Comparison.AT_MOST if falling else Comparison.AT_LEAST
    return Condition(kind=ConditionKind.CHANGE_PCT, comparison=comparison, threshold=value)


def _comparison(price: Quantity, direction: Direction | None) -> Comparison:
    if price.comparison in _UPWARDS:
        return Comparison.AT_LEAST
    if price.comparison in _DOWNWARDS:
        return Comparison.AT_MOST
    by_direction = {Direction.UP: Comparison.AT_LEAST, Direction.DOWN: Comparison.AT_MOST}
    return by_direction[direction] if direction else Comparison.REACH


def _first(entities: Entities, unit: Unit) -> Quantity | None:
    return next((quantity for quantity in entities.quantities if quantity.unit is unit), None)


def _any(canvas: Canvas, patterns: tuple[str, ...]) -> bool:
    return any(canvas.find(pattern) for pattern in patterns)
