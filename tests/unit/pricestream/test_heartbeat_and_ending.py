"""Signs of life (realtime.md 1.5), age, drain and farewells (1.9)."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from shared.market.errors import NotFound
from tests.fixtures.price_chunks import price_entry
from tests.fixtures.price_house import price_house


async def test_a_silent_stream_gets_heartbeats_at_its_interval_with_jitter() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930")
        await house.clock.advance(600)
        beats = [response for response in client.log if response.HasField("heartbeat")]
        times = [beat.send_time.ToMilliseconds() / 1000 for beat in beats]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(13.4 <= gap <= 16.8 for gap in gaps)
    assert len({round(gap, 2) for gap in gaps}) > 3
    assert client.validator.heartbeats == len(beats) >= 35


@pytest.mark.parametrize(("wished_s", "granted_s"), [(1, 5), (20, 20), (500, 60)])
async def test_the_interval_may_be_chosen_within_bounds(wished_s: int, granted_s: int) -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", heartbeat_interval={"seconds": wished_s})
        await house.clock.advance(granted_s * 1.15 + 0.3)
        assert client.controls() == ["opened", "heartbeat"]


async def test_a_stream_with_traffic_needs_no_heartbeat() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930")
        for seq in range(1, 40):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(5)
        assert "heartbeat" not in client.controls()


async def test_a_heartbeat_balances_the_books_and_tells_market_time() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", "price:000660")
        for seq in range(1, 101):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(0.02)
        await house.clock.advance(17)
        beat = next(response.heartbeat for response in client.log if response.HasField("heartbeat"))
    assert beat.offered_updates == 100
    assert beat.delivered_updates == len(client.prices())
    assert beat.conflated_updates == 100 - len(client.prices())
    assert (beat.pending_updates, beat.topics) == (0, 2)
    assert beat.market_time.seconds > 0


async def test_streams_end_at_their_age_more_or_less_and_say_when_to_come_back() -> None:
    async with price_house(lifetime_s=100).open() as house:
        clients = [await house.subscribe("price:005930", principal=str(number)) for number in range(12)]
        await house.clock.advance(89)
        assert not any(client.ended for client in clients)
        await house.clock.advance(22)
        assert all(client.ended and client.error is None for client in clients)
        farewells = [client.log[-1].going_away for client in clients]
    assert {farewell.reason for farewell in farewells} == {"MAX_AGE"}
    waits = [farewell.reconnect_after.ToMilliseconds() for farewell in farewells]
    assert all(0 <= wait <= 5000 for wait in waits)
    assert len(set(waits)) > 6


async def test_a_drain_sends_everybody_away_behind_what_waits_for_them() -> None:
    async with price_house().open() as house:
        await house.publish(price_entry("005930", 1))
        clients = [await house.subscribe("price:005930", principal=str(number)) for number in range(5)]
        await house.publish(price_entry("005930", 2))
        await house.clock.advance(0.06)  # offered, but the clients' windows are not over
        async with asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(house.streams.drain())
            await house.clock.advance(1)
            assert draining.done()
        for client in clients:
            assert client.prices()[-1] == ("005930", 2)
            assert client.validator.going_away == "DRAIN"
            assert client.error is None
        assert not house.hub.subscribers


async def test_a_drain_without_streams_returns_at_once() -> None:
    async with price_house().open() as house:
        await house.streams.drain()


async def test_an_operator_can_end_one_stream() -> None:
    async with price_house().open() as house:
        one, two = await house.subscribe("price:005930"), await house.subscribe("price:005930")
        house.ops.close_stream(one.stream_id)
        await house.clock.advance()
        assert one.validator.going_away == "CLOSED_BY_OPERATOR"
        assert not two.ended
        with pytest.raises(NotFound):
            house.ops.close_stream(one.stream_id)


async def test_a_client_that_leaves_leaves_nothing_behind() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", "market-gate")
        house.server_side(client).abort()
        await house.clock.advance()
        assert not house.hub.subscribers
        assert not house.hub._index
        assert not house.hub._audiences
        assert not house.hub.demand.holders
        assert house.hub.timetable.earliest is None
        value = house.metrics.registry.get_sample_value
        assert value("kstock_stream_streams", {"state": "LIVE"}) == 0
        assert value("kstock_stream_topics") == 0
        await house.publish(price_entry("005930", 1))


async def test_operators_see_streams_and_topics_with_their_counts() -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", "price:000660")
        await house.subscribe("price:005930", principal="other")
        for seq in range(1, 11):
            await house.publish(price_entry("005930", seq))
            await house.clock.advance(0.05)
        await house.clock.advance(1)
        first, _ = house.ops.list_streams()
        busiest, idle = house.ops.list_topics()
    assert (first.stream_id, first.principal, first.state, first.topics) == (client.stream_id, "me", "LIVE", 2)
    assert first.offered_updates == first.delivered_updates + first.conflated_updates == 10
    assert (busiest.text, busiest.subscribers, busiest.updates, busiest.topic_seq) == ("price:005930", 2, 10, 10)
    assert busiest.delivered + busiest.conflated == 20
    assert (idle.text, idle.updates, idle.HasField("update_time")) == ("price:000660", 0, False)


async def test_counts_per_topic_begin_anew_with_the_market_day() -> None:
    async with price_house().open() as house:
        await house.subscribe("price:005930")
        await house.publish(price_entry("005930", 1))
        await house.clock.advance(1)
        assert house.ops.list_topics()[0].updates == 1
        house.clock.shift_market(timedelta(days=1))
        await house.clock.advance(1)
        assert house.ops.list_topics()[0].updates == 0
