"""Random interleavings of publishing, coming, changing, reading, stalling and going keep every promise of the stream."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream.hub import Hub, TopicChange
from servers.pricestream.limits import StreamLimits
from servers.pricestream.subscriber import Moment, Subscriber, Terms
from shared.bus.base import BusEntry
from shared.metrics import Metrics
from tests.fixtures.price_chunks import price_entry
from tests.fixtures.stream_validator import StreamValidator

TICKERS = ("000001", "000002", "000003", "000004")
NOW = datetime(2026, 3, 11, tzinfo=UTC)
LIMITS = StreamLimits(visit_subscribers=1, max_batch_updates=2, max_topics=len(TICKERS), lifetime_s=1e9, close_after_s=1e9)


@dataclass(eq=False)
class Client:
    """The server's side of a stream, and a reader that checks what it gets."""

    subscriber: Subscriber
    validator: StreamValidator = field(default_factory=StreamValidator)
    in_flight: bytes | None = None
    waiting: bool = False


class Interleaving:
    """A hub, its publishers and clients; rounds are run in small steps, so that everything else happens in their midst."""

    def __init__(self) -> None:
        self.hub = Hub(LIMITS, metrics=Metrics().stream, rng=random.Random(3))
        self.now = 0.0
        self.epoch = 1
        self.hub.book.begin_epoch("feed:1")
        self.seqs = dict.fromkeys(TICKERS, 0)
        self.clients: list[Client] = []
        self.round: Iterator[None] | None = None
        self.opened = 0
        self.steps: tuple[tuple[Callable[[int, int], None], int], ...] = (
            (self.publish, 8),
            (self.hear_again, 2),
            (self.take_over, 1),
            (self.lose_or_find_the_feed, 1),
            (self.come, 2),
            (self.change, 5),
            (self.read, 10),
            (self.stall, 3),
            (self.acknowledge, 2),
            (self.leave, 1),
            (self.pass_time, 3),
            (self.dispatch_to_one_more, 10),
            (self.come_to_rest, 1),
        )

    def run(self, program: bytes) -> None:
        """Each three bytes are a step and two choices."""
        actions = [action for action, weight in self.steps for _ in range(weight)]
        for choice, one, two in zip(program[::3], program[1::3], program[2::3], strict=False):
            actions[choice % len(actions)](one, two)
            self.check()
        self.come_to_rest(0, 0)

    def publish(self, tickers: int, luck: int) -> None:
        """Publish the next numbers of some tickers; now and then one number was lost on the bus."""
        for ticker in _some(tickers):
            self.seqs[ticker] += 2 if luck < 20 else 1
            self.hub.book.take([self._entry(ticker)], NOW)

    def hear_again(self, tickers: int, _: int) -> None:
        """A reload brings what is known already."""
        self.hub.book.take([self._entry(ticker) for ticker in _some(tickers) if self.seqs[ticker]], NOW)

    def take_over(self, _: int, __: int) -> None:
        self.epoch += 1
        self.seqs = dict.fromkeys(TICKERS, 0)
        self.hub.book.begin_epoch(f"feed:{self.epoch}")

    def lose_or_find_the_feed(self, stale: int, _: int) -> None:
        self.hub.note_staleness("FEED_LOST" if stale % 2 else "")

    def come(self, tickers: int, credit: int) -> None:
        if len(self.clients) >= 5:
            return
        self.opened += 1
        terms = Terms(
            stream_id=str(self.opened),
            principal="me",
            window_s=0.25,
            heartbeat_s=5,
            credit_bytes=16_384 * (credit % 2),
            lifetime_s=1e9,
        )
        subscriber = self.hub.register(terms, self._moment())
        subscriber.outbox.tell_control(wire.SubscribeResponse(opened=wire.StreamOpened()).SerializeToString())
        self.hub.change(subscriber, TopicChange(add=_topics(tickers)), self.now)
        self.clients.append(Client(subscriber))

    def change(self, who: int, what: int) -> None:
        for client in self._one(who):
            self.hub.change(client.subscriber, TopicChange(add=_topics(what), remove=set(_topics(what >> 4))), self.now)

    def read(self, who: int, how: int) -> None:
        """Read a few responses, at once or after a while."""
        self.now += 0.3 * (how % 2)
        for client in self._one(who):
            for _ in range(1 + how % 3):
                self._begin_write(client)
                self._end_write(client)

    def stall(self, who: int, _: int) -> None:
        for client in self._one(who):
            self._begin_write(client)

    def acknowledge(self, who: int, _: int) -> None:
        for client in self._one(who):
            client.subscriber.acknowledge(client.validator.responses, self.now)
            self.hub.arrange(client.subscriber, self.now)

    def leave(self, who: int, _: int) -> None:
        for client in self._one(who):
            self.clients.remove(client)
            self.hub.leave(client.subscriber, self.now)
            box = client.subscriber.outbox
            assert box.offered == box.delivered + box.conflated

    def pass_time(self, how: int, _: int) -> None:
        self.now += (0.01, 0.06, 0.3, 6.0)[how % 4]
        self.hub.check(self.now)
        self.hub.timetable.wake(self.now)

    def dispatch_to_one_more(self, _: int, __: int) -> None:
        if self.round is None:
            self.round = self.hub.run_round(lambda: self.now)
        if next(self.round, "over") == "over":
            self.round = None

    def come_to_rest(self, _: int, __: int) -> None:
        """After everything was dispatched, read and acknowledged, every client has the newest value of each topic."""
        for _step in self.round or ():
            pass
        self.round = None
        for _step in self.hub.run_round(lambda: self.now):
            pass
        for client in self.clients:
            self._read_everything(client)
            known = client.validator.topics
            newest = {f"price:{ticker}": seq for ticker, seq in self.seqs.items() if seq}
            assert set(known) == set(client.subscriber.outbox.audience.topics)
            assert {text: topic.seq for text, topic in known.items() if topic.value} == {
                text: seq for text, seq in newest.items() if text in known
            }
            assert client.validator.settled()
            assert client.validator.stale == (set(known) if self.hub.stale_reason else set())
            assert client.subscriber.outbox.delivered == client.validator.updates

    def check(self) -> None:
        """What holds after every step."""
        for client in self.clients:
            box = client.subscriber.outbox
            assert box.offered == box.delivered + box.conflated + len(box.pending)
            assert len(box.pending) <= len(box.audience.topics)
            at = client.subscriber.next_write(self.now)
            if client.waiting and at is not None and not client.subscriber.wakeup.is_set():
                assert self.hub.timetable._planned[client.subscriber] <= at

    def _one(self, who: int) -> list[Client]:
        return [self.clients[who % len(self.clients)]] if self.clients else []

    def _read_everything(self, client: Client) -> None:
        for _ in range(50):
            self.now += 0.3
            self._begin_write(client)
            self._end_write(client)
            client.subscriber.acknowledge(client.validator.responses, self.now)
            if client.subscriber.next_write(self.now) is None:
                return
        raise AssertionError("the stream does not come to rest")

    def _begin_write(self, client: Client) -> None:
        """What `Streams` does: take, and with nothing to take, arrange to be woken."""
        if client.in_flight is not None:
            return
        client.subscriber.wakeup.clear()
        client.in_flight = client.subscriber.take(self._moment())
        client.waiting = client.in_flight is None
        if client.waiting:
            self.hub.arrange(client.subscriber, self.now)

    def _end_write(self, client: Client) -> None:
        if client.in_flight is not None:
            client.validator.take(client.in_flight)
            client.in_flight = None
            client.subscriber.wrote(self.now)

    def _entry(self, ticker: str) -> BusEntry:
        return price_entry(ticker, self.seqs[ticker], epoch=f"feed:{self.epoch}")

    def _moment(self) -> Moment:
        return Moment(monotonic=self.now, machine=NOW, market=NOW)


def _some(bits: int) -> list[str]:
    return [ticker for place, ticker in enumerate(TICKERS) if bits >> place & 1]


def _topics(bits: int) -> list[str]:
    return [f"price:{ticker}" for ticker in _some(bits)]


@settings(max_examples=120, deadline=None)
@given(st.binary(min_size=600, max_size=1200))
def test_any_interleaving_keeps_order_uniqueness_freshness_and_the_balance(program: bytes) -> None:
    Interleaving().run(program)
