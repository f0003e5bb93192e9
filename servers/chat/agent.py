"""From a question to the events of its answer: understand, plan, look up, tell."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from kstock.chat.v1 import block_pb2, chat_service_pb2, conversation_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.composer import Composed, compose
from servers.chat.answers.demands import with_demands
from servers.chat.answers.listing import listed_tickers
from servers.chat.answers.reach import with_reach, within_reach
from servers.chat.answers.speech import Phrasebook, Speech
from servers.chat.desk import Emit
from servers.chat.entities_wire import entity_messages
from servers.chat.knowledge.glossary import Glossary
from servers.chat.moment import Moment, read_moment
from servers.chat.peers import Peers
from servers.chat.planner import MAX_INTENTS, build_subjects, plan_calls, tell_parts
from servers.chat.preferences import Preferences, about_watched, asks_for_watched
from servers.chat.sessions import Exchange, Sessions
from servers.chat.tools.actions import LIST_WATCH_ITEMS, OwnListArguments
from servers.chat.tools.lookups import Lookups, Record
from servers.chat.tools.market import GET_SESSION, NoArguments
from servers.chat.tools.registry import OwnTools
from servers.chat.tools.tool import Failure
from servers.chat.understanding.conversation import next_context
from servers.chat.understanding.values import Understanding
from servers.chat.vocabulary import Vocabulary
from servers.chat.writing.narrator import Narrator, Story
from servers.chat.writing.policy import may_write
from shared.clock import Clock
from shared.market.instrument import Instrument
from shared.market.language import Language
from shared.market.vocabulary import packaged_instruments
from shared.rpc.errors import ServerUnavailable
from shared.rpc.messages.times import duration_message, timestamp_message

_TURN_BYTES = 8
_MAX_BARS_KEPT = 30
"""Bars of a block that a recorded turn keeps; pictures are not kept at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it came.

    `language` None lets the question decide; `user_ref` names on whose behalf personal things are looked up; `personal` says
    whether the asker is known at all, so that there are such things.
    """

    text: str
    owner: str
    user_ref: str = ""
    conversation_id: str = ""
    language: Language | None = None
    personal: bool = False


class Agent:
    """Answers questions over the other rooms' tools; with a narrator a model writes the middle of some answers."""

    def __init__(
        self,
        *,
        peers: Peers,
        sessions: Sessions,
        vocabulary: Vocabulary,
        clock: Clock,
        tools: OwnTools,
        glossary: Glossary,
        narrator: Narrator | None = None,
    ) -> None:
        self._narrator = narrator
        self._peers = peers
        self._sessions = sessions
        self._vocabulary = vocabulary
        self._clock = clock
        self._preferences = Preferences(clock)
        self._phrases = Phrasebook.load()
        self._terms = glossary.keys
        self._english = {str(one.ticker): one.name_en for one in packaged_instruments() if one.name_en}
        self._subjects = build_subjects(tools)

    async def answer(self, question: Question, emit: Emit) -> None:
        """Give the answer by its events: opened, status, blocks, citations, text, done.

        Raises:
            NotFound: The conversation to continue does not exist.
            ServerUnavailable: Not even market time can be learned.
        """
        began = self._clock.monotonic()
        understander = await self._vocabulary.understander()
        opened = await self._sessions.open(question.owner, question.conversation_id, self._vocabulary.instrument)
        turn_id = secrets.token_hex(_TURN_BYTES)
        greeting = chat_service_pb2.ConverseOpened(conversation_id=opened.conversation_id, turn_id=turn_id)
        await emit(chat_service_pb2.ConverseResponse(opened=greeting))
        speech = self._phrases.speech(question.language or opened.context.language or Language.KO)
        await emit(_status(chat_service_pb2.CONVERSE_STAGE_UNDERSTANDING, speech.say("status.understanding")))
        # Never empty: the other rooms would take this room for the asker.
        peers = replace(self._peers, user_ref=question.user_ref or question.owner)
        lookups = Lookups(peers, self._clock, personal=question.personal)
        wanted = question.language or (await self._preferences.language(peers) if question.personal else None)
        moment = await self._moment(lookups)
        read = partial(understander.understand, question.text, context=opened.context)
        understanding = await asyncio.to_thread(_read, read, moment)
        understanding = await self._with_watched(understanding, lookups)
        speech = self._phrases.speech(wanted or understanding.language)
        composed = await self._told(understanding, moment, speech, lookups=lookups, emit=emit)
        await _send_data(composed, emit)
        story = Story(
            principal=question.owner,
            personal=question.personal,
            understanding=understanding,
            moment=moment,
            composed=composed,
            lookups=lookups,
            speech=speech,
        )
        composed, usage = await self._narrated(story, emit)
        done = _done(understanding, composed, lookups.records, language=speech.language)
        done.usage.CopyFrom(usage)
        done.conversation_id, done.turn_id = opened.conversation_id, turn_id
        done.market_time.CopyFrom(timestamp_message(moment.now))
        elapsed = timedelta(seconds=self._clock.monotonic() - began)
        done.usage.duration.CopyFrom(duration_message(elapsed))
        context = next_context(understanding, opened.context, self._listed(composed))
        turn = _turn(composed, done)
        await self._sessions.record(opened, Exchange(question=understanding.text, answer=turn, context=context))
        await emit(chat_service_pb2.ConverseResponse(done=done))

    async def _with_watched(self, understanding: Understanding, lookups: Lookups) -> Understanding:
        """The question about the asker's own list as one about its stocks."""
        if not asks_for_watched(understanding):
            return understanding
        items = await lookups.call(LIST_WATCH_ITEMS, OwnListArguments())
        if isinstance(items, Failure):
            return understanding  # its own part of the answer says so
        found = (self._vocabulary.instrument(item.ticker) for item in items.items)
        return about_watched(understanding, [instrument for instrument in found if instrument is not None])

    def _listed(self, composed: Composed) -> tuple[Instrument, ...]:
        """Instruments of the lists that the answer shows, in their order."""
        found = (self._vocabulary.instrument(ticker) for ticker in listed_tickers(composed.blocks))
        return tuple(one for one in found if one is not None)

    async def _narrated(self, story: Story, emit: Emit) -> tuple[Composed, conversation_pb2.Usage]:
        """The prose, sent: by a model where one may write, else line by line as it was composed."""
        if self._narrator is None or not may_write(story.understanding, story.composed):
            await _send_prose(story.composed, emit)
            return story.composed, conversation_pb2.Usage()
        await emit(_status(chat_service_pb2.CONVERSE_STAGE_WRITING, story.speech.say("status.writing")))
        narrated = await self._narrator.tell(story, emit)
        return narrated.composed, narrated.usage

    async def _moment(self, lookups: Lookups) -> Moment:
        session = await lookups.call(GET_SESSION, NoArguments())
        if isinstance(session, Failure):
            raise ServerUnavailable(session.reason, f"the market room does not say what time it is: {session.message}")
        return read_moment(session)

    async def _told(
        self, understanding: Understanding, moment: Moment, speech: Speech, *, lookups: Lookups, emit: Emit
    ) -> Composed:
        asks = tuple(
            Ask(
                understanding=understanding,
                intent=intent,
                moment=moment,
                speech=speech,
                glossary_keys=self._terms,
                english_names=self._english,
            )
            for intent in understanding.intents[:MAX_INTENTS]
        )
        calls = plan_calls(asks, self._subjects)
        if calls:
            await emit(_status(chat_service_pb2.CONVERSE_STAGE_LOOKING_UP, speech.say("status.looking_up")))
            await lookups.run(calls)
        parts = with_reach(asks, tell_parts(asks, self._subjects, lookups))
        parts = with_demands(asks, parts)
        return compose(parts, speech=speech, moment=moment, truncated=understanding.truncated)


def _read(read: Callable[..., Understanding], moment: Moment) -> Understanding:
    return within_reach(read(today=moment.today), moment, lambda day: read(today=day))


async def _send_data(composed: Composed, emit: Emit) -> None:
    """Data first, then what it rests on."""
    for block in composed.blocks:
        await emit(chat_service_pb2.ConverseResponse(block=block))
    for citation in composed.citations:
        await emit(chat_service_pb2.ConverseResponse(citation=citation))


async def _send_prose(composed: Composed, emit: Emit) -> None:
    for number, line in enumerate(composed.lines):
        text = line if number == 0 else f"\n{line}"
        await emit(chat_service_pb2.ConverseResponse(text_delta=chat_service_pb2.TextDelta(text=text)))


def _status(stage: chat_service_pb2.ConverseStage, text: str) -> chat_service_pb2.ConverseResponse:
    return chat_service_pb2.ConverseResponse(status=chat_service_pb2.ConverseStatus(stage=stage, text=text))


def _done(
    understanding: Understanding, composed: Composed, records: list[Record], *, language: Language
) -> chat_service_pb2.ConverseDone:
    return chat_service_pb2.ConverseDone(
        outcome=composed.outcome,
        intents=[intent.value for intent in understanding.intents],
        entities=entity_messages(understanding),
        tools=[_tool_call(record) for record in records],
        text=composed.text,
        language=language.value,
        suggestions=composed.suggestions,
    )


def _tool_call(record: Record) -> conversation_pb2.ToolCall:
    return conversation_pb2.ToolCall(
        tool=record.tool,
        domain=record.domain,
        arguments_json=record.arguments_json,
        ok=record.failure is None,
        error_reason=record.failure.reason if record.failure else "",
        duration=duration_message(record.duration),
    )


def _turn(composed: Composed, done: chat_service_pb2.ConverseDone) -> conversation_pb2.Turn:
    """The answer as it is kept: without pictures and with few bars."""
    return conversation_pb2.Turn(
        turn_id=done.turn_id,
        conversation_id=done.conversation_id,
        role=conversation_pb2.TURN_ROLE_ASSISTANT,
        text=done.text,
        blocks=[_kept(block) for block in composed.blocks],
        citations=composed.citations,
        outcome=done.outcome,
        create_time=done.market_time,
    )


def _kept(block: block_pb2.DataBlock) -> block_pb2.DataBlock:
    if not block.HasField("chart_image"):
        return block
    kept = block_pb2.DataBlock()
    kept.CopyFrom(block)
    kept.chart_image.image = b""
    del kept.chart_image.bars[:-_MAX_BARS_KEPT]
    return kept
