"""Flow control and slow consumers (realtime.md 1.6)."""

import pytest

from servers.pricestream.subscriber import StreamState
from shared.market.errors import InvalidInput, LimitExceeded
from tests.fixtures.price_chunks import price_entry
from tests.fixtures.price_house import FakeClient, PriceHouse, price_house

TICKERS = [f"{number:06d}" for number in range(150)]
TOPICS = [f"price:{ticker}" for ticker in TICKERS]


async def flood(house: PriceHouse, *, seconds: int, first_seq: int) -> int:
    """Change every topic four times a second; the next unused number."""
    for seq in range(first_seq, first_seq + seconds * 4):
        await house.publish(*(price_entry(ticker, seq) for ticker in TICKERS))
        await house.clock.advance(0.25)
    return first_seq + seconds * 4


async def blocked_client(house: PriceHouse) -> FakeClient:
    """A client that reads everything and returns no credit, until its credit is used up."""
    client = await house.subscribe(*TOPICS, credit_bytes=1)
    await flood(house, seconds=2, first_seq=1)
    assert house.server_side(client).credit.exhausted
    return client


@pytest.mark.parametrize(("asked", "granted"), [(0, 0), (1, 16_384), (40_000, 40_000), (9_999_999, 1_048_576)])
async def test_credit_is_clamped_and_zero_means_none(asked: int, granted: int) -> None:
    async with price_house().open() as house:
        client = await house.subscribe("price:005930", credit_bytes=asked)
        assert client.log[0].opened.credit_bytes == granted


async def test_above_its_credit_a_stream_is_not_written_to_but_conflated() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        read = len(client.log)
        await flood(house, seconds=5, first_seq=9)
        assert len(client.log) == read
        server_side = house.server_side(client)
        assert server_side.state is StreamState.CONFLATING
        assert len(server_side.outbox.pending) == len(TICKERS)


async def test_the_batch_that_uses_up_the_credit_is_cut_to_it() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        written = sum(response.ByteSize() for response in client.log)
        assert 16_384 <= written <= 16_384 + 2_048


async def test_returned_credit_lets_current_values_through() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        next_seq = await flood(house, seconds=3, first_seq=9)
        client.log.clear()
        await house.update(client, ack_stream_seq=client.validator.responses)
        await house.clock.advance(0.3)
        assert client.prices()
        assert {seq for _, seq in client.prices()} == {next_seq - 1}


async def test_without_credit_for_ten_seconds_the_client_is_warned_once() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        await house.clock.advance(8)
        assert "slow" not in client.controls()
        await house.clock.advance(3)
        assert client.controls().count("slow") == 1
        warning = next(response.slow for response in client.log if response.HasField("slow"))
        assert warning.unacknowledged_bytes >= 16_384
        assert 17 <= warning.closes_after.seconds <= 20
        assert house.server_side(client).state is StreamState.SLOW
        await house.update(client, ack_stream_seq=client.validator.responses)
        await house.clock.advance(1)
        assert house.server_side(client).state is StreamState.LIVE


async def test_without_credit_for_thirty_seconds_the_stream_ends() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        await house.clock.advance(31)
        assert isinstance(client.error, LimitExceeded)
        assert client.error.reason == "SLOW_CONSUMER"
        assert client.error.retry_after is not None
        assert not house.hub.subscribers
        assert not house.hub.demand.holders
    value = house.metrics.registry.get_sample_value
    assert value("kstock_stream_slow_closed_total", {"reason": "SLOW_CONSUMER"}) == 1
    blocked = value("kstock_stream_streams", {"state": "SLOW"})
    assert blocked == 0


async def test_a_write_that_hangs_for_thirty_seconds_cancels_the_stream() -> None:
    async with price_house().open() as house:
        client = await house.subscribe(*TOPICS)
        client.stall()
        await flood(house, seconds=11, first_seq=1)
        assert house.server_side(client).state is StreamState.SLOW
        await house.clock.advance(21)
        assert client.ended
        assert not house.hub.subscribers
    assert house.metrics.registry.get_sample_value("kstock_stream_slow_closed_total", {"reason": "WRITE_TIMEOUT"}) == 1


async def test_one_write_is_in_flight_and_the_next_begins_when_it_has_returned() -> None:
    async with price_house().open() as house:
        client = await house.subscribe(*TOPICS)
        client.stall()
        next_seq = await flood(house, seconds=5, first_seq=1)
        server_side = house.server_side(client)
        written = server_side.stream_seq
        assert server_side.is_writing
        client.resume()
        await house.clock.advance(0.3)
        assert server_side.stream_seq == written + 1
        assert {seq for _, seq in client.prices()[-150:]} == {next_seq - 1}
        assert server_side.state is StreamState.LIVE


async def test_a_response_that_was_never_sent_cannot_be_acknowledged() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        with pytest.raises(InvalidInput, match="ack_stream_seq"):
            await house.update(client, ack_stream_seq=client.validator.responses + 1)


async def test_an_old_acknowledgement_returns_nothing_twice() -> None:
    async with price_house().open() as house:
        client = await blocked_client(house)
        seq = client.validator.responses
        for _ in range(3):
            await house.update(client, ack_stream_seq=seq)
        server_side = house.server_side(client)
        await house.clock.advance(1)
        assert 0 <= server_side.credit.unacknowledged <= server_side.written_bytes
