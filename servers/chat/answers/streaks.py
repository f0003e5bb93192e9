"""How many days in a row an investor has bought or sold."""

from collections.abc import Callable, Sequence

from kstock.chat.v1 import block_pb2
from kstock.common.v1 import flow_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.figures import signed_amount
from servers.chat.answers.part import Block, Fact, Source
from servers.chat.understanding.data_concepts import Concept
from servers.chat.understanding.values import Investor, Unit
from shared.market.instrument import Instrument
from shared.rpc.messages.present import optional_int
from shared.rpc.messages.times import read_local_date

_FIELDS = {Investor.FOREIGN: "foreign_net_krw", Investor.INSTITUTION: "institution_net_krw"}


def wants_streak(ask: Ask) -> bool:
    """Whether the question counts days in a row."""
    counted = any(item.unit is Unit.STREAK_DAYS for item in ask.entities.quantities)
    return counted or ask.understanding.spoken.has(Concept.STREAK)


def streak(flows: Sequence[flow_pb2.Flow], field: str) -> int:
    """Days in a row up to the newest with buying, negative with selling.

    Args:
        flows: Days in ascending order.
        field: Whose net buying.
    """
    values = [optional_int(flow, field) for flow in reversed(flows)]
    newest = next(iter(values), None)
    if not newest:
        return 0
    same: Callable[[int], bool] = (lambda value: value > 0) if newest > 0 else (lambda value: value < 0)
    length = 0
    for value in values:
        if value is None or not same(value):
            break
        length += 1
    return length if newest > 0 else -length


def streak_facts(ask: Ask, flows: Sequence[flow_pb2.Flow], source: Source) -> tuple[Fact, ...]:
    """The direct answer to a question about days in a row, a wrong premise corrected; empty for other questions."""
    if not wants_streak(ask):
        return ()
    last = read_local_date(flows[-1].trading_date).isoformat()
    sold = ask.understanding.spoken.place(Concept.SOLD) < ask.understanding.spoken.place(Concept.BOUGHT)
    bought = ask.understanding.spoken.has(Concept.BOUGHT) and not sold
    facts = []
    for investor in _asked(ask):
        days = streak(flows, _FIELDS[investor])
        wrong = (sold and days > 0) or (bought and days < 0)
        key = "streak.wrong" if wrong else "streak.none" if days == 0 else "streak.is"
        side = ask.say("streak.bought" if days > 0 else "streak.sold")
        cut = ask.say("streak.or_more") if abs(days) == len(flows) else ""
        who = ask.say(f"name.investor_{investor}")
        facts.append(Fact(text=ask.say(key, who=who, days=abs(days), side=side, last=last, cut=cut), sources=(source,)))
    return tuple(facts)


def streak_blocks(ask: Ask, stock: Instrument, flows: Sequence[flow_pb2.Flow], source: Source) -> tuple[Block, ...]:
    """The count with the days that it rests on; empty for other questions."""
    if not wants_streak(ask):
        return ()
    calculations = [_calculation(ask, stock, flows, investor) for investor in _asked(ask)]
    return (
        Block(
            content="calculation_table",
            value=block_pb2.CalculationTable(calculations=calculations),
            title=ask.name(stock),
            text="\n".join(f"{one.label}: {one.text}" for one in calculations),
            sources=(source,),
        ),
    )


def _asked(ask: Ask) -> tuple[Investor, ...]:
    return tuple(investor for investor in ask.entities.investors if investor in _FIELDS) or tuple(_FIELDS)


def _calculation(ask: Ask, stock: Instrument, flows: Sequence[flow_pb2.Flow], investor: Investor) -> block_pb2.Calculation:
    field = _FIELDS[investor]
    days = streak(flows, field)
    shown = flows[-(abs(days) + 1) :]
    amounts = [(read_local_date(flow.trading_date).isoformat(), optional_int(flow, field)) for flow in shown]
    return block_pb2.Calculation(
        label=f"{ask.name(stock)} {ask.say(f'name.investor_{investor}')}",
        text=ask.say("streak.days", days=abs(days), side=ask.say("streak.bought" if days > 0 else "streak.sold")),
        value=days,
        formula=ask.say("streak.formula"),
        inputs=[
            block_pb2.CalculationInput(label=day, text=signed_amount(amount, ask.language), value=amount)
            for day, amount in amounts
            if amount is not None
        ],
    )
