"""Publishing, listing and watching signals through gRPC."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, time
from typing import TYPE_CHECKING

import grpc
import pytest
from kstock.common.v1 import candidate_pb2
from kstock.signal.v1 import signal_pb2, signal_service_pb2, signal_service_pb2_grpc

from shared.clock import FixedClock
from shared.market.errors import InvalidInput, NotFound
from shared.market.signal import Candidate, Grade
from shared.market.times import kst_datetime
from shared.rpc.errors import domain_errors
from shared.rpc.messages.signals import candidate_message
from shared.rpc.messages.times import local_date_message
from shared.store.store import Store
from tests.fixtures.candidates import make_candidate
from tests.integration.signal.conftest import signal_room

if TYPE_CHECKING:
    Stub = signal_service_pb2_grpc.SignalServiceAsyncStub
Response = signal_service_pb2.WatchSignalsResponse
DAY = date(2026, 4, 30)


def publication(
    candidates: Sequence[Candidate], day: date = DAY, *, complete: bool = False
) -> signal_service_pb2.PublishSignalsRequest:
    return signal_service_pb2.PublishSignalsRequest(
        kind=candidate_pb2.SIGNAL_KIND_VCP,
        as_of=local_date_message(day),
        run_id="run",
        candidates=[candidate_message(candidate) for candidate in candidates],
        complete=complete,
    )


async def publish(
    signals: "Stub", *tickers: str, day: date = DAY, **fields: object
) -> signal_service_pb2.PublishSignalsResponse:
    return await signals.PublishSignals(
        publication([make_candidate(ticker, as_of=day, **fields) for ticker in tickers], day)
    )


async def read_until(responses: AsyncIterator[Response], control: str) -> list[Response]:
    read = []
    async for response in responses:
        read.append(response)
        if response.WhichOneof("control") == control:
            return read
    raise AssertionError(f"the stream ended before {control}")


def event_ids(responses: Sequence[Response]) -> list[int]:
    return [event.event_id for response in responses for event in response.events]


async def test_a_published_candidate_can_be_read_listed_and_found_in_the_log(signals: "Stub") -> None:
    answer = await publish(signals, "005930", "000660")
    assert [one.event_id for one in answer.signals] == [1, 2]
    first = (await signals.GetSignal(signal_service_pb2.GetSignalRequest(signal_id=answer.signals[0].signal_id))).signal
    assert (first.ticker, first.revision, first.state) == ("005930", 1, signal_pb2.SIGNAL_STATE_ACTIVE)
    listed = await signals.ListSignals(signal_service_pb2.ListSignalsRequest())
    assert (len(listed.signals), listed.total_count, listed.next_page_token) == (2, 2, "")
    log = await signals.ListSignalEvents(signal_service_pb2.ListSignalEventsRequest(ticker="000660"))
    assert [event.event_id for event in log.events] == [2]
    assert log.newest_event_id == 2


async def test_publishing_the_same_scan_again_writes_nothing(signals: "Stub") -> None:
    await publish(signals, "005930")
    again = await publish(signals, "005930")
    assert [one.effect for one in again.signals] == [signal_service_pb2.PUBLISH_EFFECT_KEPT]
    assert again.newest_event_id == 1


async def test_pages_follow_each_other_by_score(signals: "Stub") -> None:
    tickers = [f"{number:06d}" for number in range(1, 8)]
    scores = {ticker: float(50 + place) for place, ticker in enumerate(tickers)}
    await signals.PublishSignals(publication([make_candidate(ticker, score=score) for ticker, score in scores.items()]))
    seen: list[str] = []
    request = signal_service_pb2.ListSignalsRequest(page_size=3)
    while True:
        page = await signals.ListSignals(request)
        seen += [signal.ticker for signal in page.signals]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert seen == tickers[::-1]


async def test_filters_choose_by_grade_and_score(signals: "Stub") -> None:
    await publish(signals, "005930", grade=Grade.S, score=85.0)
    await publish(signals, "000660", grade=Grade.B, score=55.0)
    best = signal_service_pb2.ListSignalsRequest(grades=[candidate_pb2.GRADE_S])
    assert [signal.ticker for signal in (await signals.ListSignals(best)).signals] == ["005930"]
    above = signal_service_pb2.ListSignalsRequest(min_score=60)
    assert [signal.ticker for signal in (await signals.ListSignals(above)).signals] == ["005930"]


async def test_a_watch_replays_what_was_missed_and_goes_on_live(signals: "Stub") -> None:
    await publish(signals, "005930", "000660", "035420")
    responses = aiter(signals.WatchSignals(signal_service_pb2.WatchSignalsRequest(after_event_id=1)))
    replayed = await read_until(responses, "resumed")
    assert event_ids(replayed) == [2, 3]
    assert replayed[-1].resumed.replayed_count == 2
    await publish(signals, "005380")
    assert event_ids([await anext(responses)]) == [4]


async def test_a_watch_without_a_bookmark_gets_a_snapshot_and_then_only_news(signals: "Stub") -> None:
    await publish(signals, "005930", "000660")
    responses = aiter(signals.WatchSignals(signal_service_pb2.WatchSignalsRequest()))
    opening = await read_until(responses, "snapshot_complete")
    assert {signal.ticker for response in opening for signal in response.snapshot} == {"005930", "000660"}
    assert opening[-1].snapshot_complete.event_id == 2
    await publish(signals, "035420")
    assert event_ids([await anext(responses)]) == [3]


@pytest.mark.parametrize(
    ("after", "epoch", "reason"),
    [
        (0, "another", signal_service_pb2.RESET_REASON_EPOCH_CHANGED),
        (99, "", signal_service_pb2.RESET_REASON_AHEAD),
    ],
)
async def test_a_bookmark_that_means_nothing_here_is_reset(signals: "Stub", after: int, epoch: str, reason: int) -> None:
    await publish(signals, "005930")
    responses = aiter(signals.WatchSignals(signal_service_pb2.WatchSignalsRequest(after_event_id=after, epoch=epoch)))
    opening = await read_until(responses, "snapshot_complete")
    assert [response.reset.reason for response in opening if response.HasField("reset")] == [reason]
    assert event_ids(opening) == []


async def test_a_watch_of_one_kind_sees_only_that_kind(signals: "Stub") -> None:
    responses = aiter(
        signals.WatchSignals(
            signal_service_pb2.WatchSignalsRequest(after_event_id=0, kinds=[candidate_pb2.SIGNAL_KIND_JONGGA])
        )
    )
    await read_until(responses, "resumed")
    await publish(signals, "005930")
    other = publication([])
    other.kind = candidate_pb2.SIGNAL_KIND_JONGGA
    jongga = candidate_message(make_candidate("000660"))
    jongga.kind = candidate_pb2.SIGNAL_KIND_JONGGA
    other.candidates.append(jongga)
    await signals.PublishSignals(other)
    assert event_ids([await anext(responses)]) == [2]


async def test_watchers_that_come_while_events_are_written_miss_and_repeat_none(signals: "Stub") -> None:
    last = 120

    async def watch(after: int) -> list[int]:
        seen: list[int] = []
        request = signal_service_pb2.WatchSignalsRequest(after_event_id=after)
        async for response in signals.WatchSignals(request):
            seen += [event.event_id for event in response.events]
            if seen and seen[-1] >= last:
                break
        return seen

    async def reached(event_id: int) -> None:
        async for response in signals.WatchSignals(signal_service_pb2.WatchSignalsRequest(after_event_id=0)):
            if event_id == 0 or any(event.event_id >= event_id for event in response.events):
                return

    async def write() -> None:
        for number in range(1, last + 1):
            await publish(signals, f"{number:06d}")

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(write())
        watches = {}
        for start in range(0, 100, 10):
            await reached(start)
            watches[start] = tasks.create_task(watch(start))
    await writing
    for start, seen in watches.items():
        assert seen.result() == list(range(start + 1, last + 1))


async def test_drain_says_goodbye_and_ends_the_stream_normally(sqlite_store: Store) -> None:
    async with signal_room(sqlite_store) as signals:
        responses = aiter(signals.WatchSignals(signal_service_pb2.WatchSignalsRequest(after_event_id=0)))
        await read_until(responses, "resumed")
        rest = asyncio.create_task(read_until(responses, "going_away"))
    assert (await rest)[-1].going_away.reason == "DRAIN"
    assert [response async for response in responses] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda request: request.ClearField("as_of"), "as_of"),
        (lambda request: setattr(request.candidates[0], "kind", candidate_pb2.SIGNAL_KIND_DROP), "candidates[0].kind"),
        (lambda request: setattr(request.candidates[0], "detected", False), "candidates[0].detected"),
        (lambda request: setattr(request.candidates[0], "ticker", "ABC"), "candidates[0].ticker"),
        (lambda request: setattr(request.candidates[0], "close_krw", 0), "candidates[0].close_krw"),
        (lambda request: request.candidates.append(request.candidates[0]), "candidates[1].ticker"),
    ],
)
async def test_a_publication_that_makes_no_sense_is_refused_by_field(signals: "Stub", change: object, field: str) -> None:
    request = publication([make_candidate("005930")])
    change(request)  # type: ignore[operator]
    with pytest.raises(InvalidInput) as caught, domain_errors():
        await signals.PublishSignals(request)
    assert caught.value.field == field
    assert (await signals.ListSignals(signal_service_pb2.ListSignalsRequest())).total_count == 0


async def test_unknown_signals_and_foreign_page_tokens_are_named(signals: "Stub") -> None:
    with pytest.raises(NotFound), domain_errors():
        await signals.GetSignal(signal_service_pb2.GetSignalRequest(signal_id="nobody"))
    with pytest.raises(InvalidInput) as caught, domain_errors():
        await signals.ListSignals(signal_service_pb2.ListSignalsRequest(page_token="bm9uc2Vuc2U"))
    assert caught.value.field == "page_token"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await anext(aiter(signals.WatchSignals(signal_service_pb2.WatchSignalsRequest(kinds=[99]))))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_verdicts_of_an_older_session_than_the_published_one_are_refused(signals: "Stub") -> None:
    await publish(signals, "005930", day=date(2026, 4, 30))
    with pytest.raises(InvalidInput) as caught, domain_errors():
        await publish(signals, "000660", day=date(2026, 4, 29))
    assert caught.value.field == "as_of"
    assert (await signals.ListSignals(signal_service_pb2.ListSignalsRequest())).total_count == 1


async def test_nothing_of_a_session_after_market_time_is_listed(sqlite_store: Store) -> None:
    async with signal_room(sqlite_store) as signals:
        await publish(signals, "005930", day=date(2026, 4, 30))
    async with signal_room(sqlite_store, clock=FixedClock(kst_datetime(date(2026, 4, 29), time(18)))) as signals:
        assert (await signals.ListSignals(signal_service_pb2.ListSignalsRequest())).total_count == 0
    async with signal_room(sqlite_store, clock=FixedClock(kst_datetime(date(2026, 4, 30), time(18)))) as signals:
        assert (await signals.ListSignals(signal_service_pb2.ListSignalsRequest())).total_count == 1
