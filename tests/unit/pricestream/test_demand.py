"""What clients want, counted and passed on to the owner of the feed (realtime.md 2.3)."""

import pytest

from servers.pricestream.demand import Demand
from shared.bus.demand import DEMAND_CHANNEL, DemandStatement, DemandTable
from tests.fixtures.price_house import price_house


def test_a_topic_outlives_its_last_holder_by_the_linger() -> None:
    demand = Demand(30)
    demand.hold(["a", "b"])
    demand.hold(["a"])
    demand.release(["a", "b"], now=100)
    assert demand.wanted(129.9) == {"a", "b"}
    assert demand.wanted(130) == {"a"}


def test_a_topic_that_is_taken_up_again_lingers_no_more() -> None:
    demand = Demand(30)
    demand.hold(["a"])
    demand.release(["a"], now=100)
    demand.hold(["a"])
    assert demand.wanted(1000) == {"a"}
    demand.release(["a"], now=1000)
    assert demand.wanted(1029) == {"a"}
    assert demand.wanted(1031) == frozenset()


async def test_the_feed_hears_what_clients_hold_within_a_moment_and_of_their_leaving_after_the_linger() -> None:
    async with price_house().open() as house, house.bus.listen_control(DEMAND_CHANNEL) as inbox:
        table = DemandTable()

        async def hear_everything() -> frozenset[str]:
            while inbox.box._items:  # type: ignore[attr-defined]
                message = await anext(aiter(inbox))
                table.hear(DemandStatement.decode(message.payload), house.clock.monotonic())
            return table.wanted(house.clock.monotonic())

        client = await house.subscribe("price:005930", "market-gate")
        await house.clock.advance(0.3)
        assert await hear_everything() == {"price:005930", "market-gate"}
        house.server_side(client).abort()
        await house.clock.advance(29)
        assert await hear_everything() == {"price:005930", "market-gate"}
        await house.clock.advance(2)
        assert await hear_everything() == frozenset()


def test_a_replica_that_falls_silent_is_forgotten() -> None:
    table = DemandTable()
    table.hear(DemandStatement(replica="one", topics=frozenset({"a"})), now=0)
    table.hear(DemandStatement(replica="two", topics=frozenset({"b"})), now=10)
    assert table.wanted(14) == {"a", "b"}
    assert table.wanted(16) == {"b"}
    assert table.wanted(26) == frozenset()


def test_a_newer_statement_replaces_the_older_one() -> None:
    table = DemandTable()
    table.hear(DemandStatement(replica="one", topics=frozenset({"a", "b"})), now=0)
    table.hear(DemandStatement(replica="one", topics=frozenset({"b", "c"})), now=1)
    assert table.wanted(2) == {"b", "c"}


def test_statements_survive_the_way() -> None:
    statement = DemandStatement(replica="하나", topics=frozenset({"price:005930", "market-gate"}))
    assert DemandStatement.decode(statement.encode()) == statement


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"null", b'{"replica": 1}', b'{"replica": "a", "topics": 5}'])
def test_anything_else_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="not a statement"):
        DemandStatement.decode(payload)
