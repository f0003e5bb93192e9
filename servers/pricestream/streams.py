"""Streams from opening to end: what they ask of the hub, the bytes for their transport, changes through any replica."""

import asyncio
import hashlib
import random
import secrets
from collections.abc import AsyncGenerator, Container
from contextlib import aclosing
from datetime import timedelta

import structlog
from kstock.pricestream.v1 import price_stream_service_pb2 as wire

from servers.pricestream import frames
from servers.pricestream.hub import Hub, TopicChange
from servers.pricestream.limits import StreamLimits
from servers.pricestream.requests import AskedTopics, Subscription, SubscriptionChange, read_change
from servers.pricestream.subscriber import CloseReason, Moment, Subscriber, Terms
from shared.bus.base import FEED_PUBLISHER, ControlInbox, ControlMessage, EventBus
from shared.clock import Clock
from shared.market.errors import InvalidInput, LimitExceeded, NotFound
from shared.market.topic import PriceTopic, parse_topic
from shared.rpc.messages.topics import topic_message

log = structlog.get_logger()


class Streams:
    """Opens, serves, changes and ends the streams of one replica; knows no transport.

    Args:
        hub: Where streams get their values.
        bus: Carries changes that reached another replica.
        clock: Machine time of the streams; market time for their heartbeats.
        limits: What is granted.
        directory: Tickers that exist.
        rng: Jitter.
    """

    def __init__(
        self, hub: Hub, *, bus: EventBus, clock: Clock, limits: StreamLimits, directory: Container[str], rng: random.Random
    ) -> None:
        self._hub = hub
        self._bus = bus
        self._clock = clock
        self._limits = limits
        self._directory = directory
        self._rng = rng
        self._channels: dict[str, Subscriber] = {}
        self._inbox: ControlInbox | None = None
        self._none_left = asyncio.Event()

    async def serve(self, asked: Subscription, principal: str) -> AsyncGenerator[bytes, None]:
        """Open a stream and give out its responses, each a whole encoded `SubscribeResponse`.

        The next response is made when the transport has taken the one before. The stream is closed when the iteration
        ends, however it does.

        Raises:
            LimitExceeded: SLOW_CONSUMER.
        """
        await self._hub.informed.wait()
        terms = self._grant(asked, principal)
        channel = control_channel(terms.stream_id, principal)
        if self._inbox is not None:
            await self._inbox.join(channel)  # before the client knows the stream's id, so that no change is missed
        subscriber = self._open(terms, asked.topics)
        self._channels[channel] = subscriber
        try:
            async with aclosing(self._responses(subscriber)) as responses:
                async for response in responses:
                    yield response
        finally:
            del self._channels[channel]
            self._hub.leave(subscriber, self._clock.monotonic())
            log.info(
                "stream_closed", stream=terms.stream_id, reason=subscriber.close_reason, responses=subscriber.stream_seq
            )
            if not self._hub.subscribers:
                self._none_left.set()
            if self._inbox is not None:
                await self._inbox.leave(channel)

    async def update(self, request: wire.UpdateSubscriptionRequest, principal: str) -> str:
        """Pass a change on to its stream, here or on another replica.

        Returns:
            The id that the stream will acknowledge; empty when only credit was returned.

        Raises:
            NotFound: No such stream of this caller.
            InvalidInput: See `read_change`; also an acknowledgement of a response that was never sent.
            LimitExceeded: TOO_MANY_TOPICS, RATE_LIMITED.
        """
        change = read_change(request, self._limits)
        change_id = change.change_id or (secrets.token_hex(8) if change.changes_topics else "")
        subscriber = self._channels.get(control_channel(change.stream_id, principal))
        if subscriber is not None:
            self._apply(subscriber, change, change_id)
            return change_id
        passed_on = wire.UpdateSubscriptionRequest()
        passed_on.CopyFrom(request)
        passed_on.change_id = change_id
        channel = control_channel(change.stream_id, principal)
        if not await self._bus.send_control(channel, passed_on.SerializeToString()):
            raise NotFound("STREAM", change.stream_id)
        return change_id

    def end(self, stream_id: str, reason: CloseReason) -> None:
        """Send one stream away.

        Raises:
            NotFound: No such stream on this replica.
        """
        subscriber = self._hub.subscribers.get(stream_id)
        if subscriber is None:
            raise NotFound("STREAM", stream_id)
        subscriber.go_away(reason)

    async def drain(self) -> None:
        """Send every stream away and return when the last one has ended."""
        while self._hub.subscribers:
            self._none_left.clear()
            for subscriber in self._hub.subscribers.values():
                subscriber.go_away(CloseReason.DRAIN)
            await self._none_left.wait()

    async def listen(self) -> None:
        """Take changes that reached other replicas, until cancelled."""
        async with self._bus.listen_control(*self._channels) as inbox:
            self._inbox = inbox
            try:
                async for message in inbox:
                    self._hear(message)
            finally:
                self._inbox = None

    async def _responses(self, subscriber: Subscriber) -> AsyncGenerator[bytes, None]:
        task = asyncio.current_task()
        if task is not None:
            subscriber.abort = task.cancel
        while not subscriber.ended:
            response = subscriber.take(self._moment())
            if response is not None:
                yield response
                subscriber.wrote(self._clock.monotonic())
                continue
            self._hub.arrange(subscriber, self._clock.monotonic())
            await subscriber.wakeup.wait()
            subscriber.wakeup.clear()
        if subscriber.was_too_slow:
            after = timedelta(seconds=self._rng.uniform(0, self._limits.reconnect_within_s))
            raise LimitExceeded("SLOW_CONSUMER", f"{self._limits.close_after_s:g} s without reading", after)

    def _grant(self, asked: Subscription, principal: str) -> Terms:
        spread = self._rng.uniform(1 - self._limits.jitter, 1 + self._limits.jitter)
        return Terms(
            stream_id=secrets.token_hex(16),
            principal=principal,
            window_s=asked.window_s,
            heartbeat_s=asked.heartbeat_s,
            credit_bytes=asked.credit_bytes,
            lifetime_s=self._limits.lifetime_s * spread,
        )

    def _open(self, terms: Terms, topics: AskedTopics) -> Subscriber:
        moment = self._moment()
        subscriber = self._hub.register(terms, moment)
        subscriber.outbox.tell_control(frames.opened(self._opened_message(terms, moment)))
        known, refusals = self._sort_out(topics)
        self._hub.change(subscriber, TopicChange(add=known, refusals=refusals), moment.monotonic)
        log.info("stream_opened", stream=terms.stream_id, topics=len(known), rejected=len(refusals))
        return subscriber

    def _opened_message(self, terms: Terms, moment: Moment) -> wire.StreamOpened:
        return wire.StreamOpened(
            stream_id=terms.stream_id,
            epoch=self._hub.book.epoch(FEED_PUBLISHER),
            heartbeat_interval=timedelta(seconds=terms.heartbeat_s),
            min_update_interval=timedelta(seconds=terms.window_s),
            credit_bytes=terms.credit_bytes,
            max_topics=self._limits.max_topics,
            max_batch_bytes=self._limits.max_response_bytes,
            market_time=moment.market,
        )

    def _sort_out(self, asked: AskedTopics) -> tuple[list[str], list[bytes]]:
        """Topics to add, and REJECTED for the others."""
        known, refusals = [], [frames.rejected(topic, "UNSUPPORTED_TOPIC") for topic in asked.unknown]
        for text in asked.texts:
            topic = parse_topic(text)
            if isinstance(topic, PriceTopic) and topic.ticker not in self._directory:
                refusals.append(frames.rejected(topic_message(topic), "INSTRUMENT_NOT_FOUND"))
            else:
                known.append(text)
        return known, refusals

    def _apply(self, subscriber: Subscriber, change: SubscriptionChange, change_id: str) -> None:
        now = self._clock.monotonic()
        if change.ack_stream_seq > subscriber.stream_seq:
            raise InvalidInput("ack_stream_seq", f"is {change.ack_stream_seq}, the stream is at {subscriber.stream_seq}")
        subscriber.acknowledge(change.ack_stream_seq, now)
        if change.changes_topics and change_id not in subscriber.changes:
            known, refusals = self._sort_out(change.add)
            done = self._hub.change(subscriber, TopicChange(add=known, remove=change.remove, refusals=refusals), now)
            subscriber.changes.append(change_id)
            subscriber.outbox.tell_control(
                frames.change_applied(change_id, added=done.added, removed=done.removed, rejected=len(refusals))
            )
        self._hub.arrange(subscriber, now)

    def _hear(self, message: ControlMessage) -> None:
        """Apply a change that another replica has checked; what this one must refuse is told on the stream."""
        subscriber = self._channels.get(message.channel)
        if subscriber is None:
            return  # it ended meanwhile; the client sees that by itself
        request = wire.UpdateSubscriptionRequest.FromString(message.payload)
        change = read_change(request, self._limits)
        try:
            self._apply(subscriber, change, change.change_id)
        except (InvalidInput, LimitExceeded) as refusal:
            log.info("change_refused", stream=subscriber.terms.stream_id, why=str(refusal))
            self._tell_refusal(subscriber, request, refusal.reason if isinstance(refusal, LimitExceeded) else "INVALID")

    def _tell_refusal(self, subscriber: Subscriber, request: wire.UpdateSubscriptionRequest, reason: str) -> None:
        if subscriber.outbox.unsent_words + len(request.add) >= self._limits.max_unsent_statuses:
            return  # a client that does not read gets no more to read
        refusals = [frames.rejected(topic, reason) for topic in request.add]
        subscriber.outbox.tell(*refusals)
        applied = frames.change_applied(request.change_id, added=0, removed=0, rejected=len(refusals))
        subscriber.outbox.tell_control(applied)
        self._hub.arrange(subscriber, self._clock.monotonic())

    def _moment(self) -> Moment:
        clock = self._clock
        return Moment(monotonic=clock.monotonic(), machine=clock.machine_now(), market=clock.market_now())


def control_channel(stream_id: str, principal: str) -> str:
    """Control channel of a stream; only its own caller's changes find it."""
    return f"stream.{stream_id}.{hashlib.sha256(principal.encode()).hexdigest()[:16]}"
