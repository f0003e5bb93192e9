"""ChatService: questions and answers, and the conversations that they belong to."""

from collections.abc import AsyncIterator

import grpc
from kstock.chat.v1 import chat_service_pb2

from servers.chat.agent import Agent, Question
from servers.chat.answers.speech import Phrasebook
from servers.chat.desk import AnswerDesk, Emit
from servers.chat.passages import PassageDesk
from servers.chat.peers import Peers
from servers.chat.recommendation.digest import MOST, USUAL, DigestWish, make_digest
from servers.chat.sessions import Sessions
from shared.market.errors import InvalidInput
from shared.market.language import Language
from shared.rpc.call import current_principal
from shared.rpc.messages.enums import SIGNAL_KIND
from shared.rpc.methods import Scope
from shared.rpc.paging import next_page_token, page_cursor, page_size

_Context = grpc.aio.ServicerContext[object, object]

MAX_TEXT = 2_000
"""Characters of a question; understanding reads the first thousand."""


class ChatService:
    """Answers `kstock.chat.v1.ChatService`."""

    def __init__(self, agent: Agent, desk: AnswerDesk, sessions: Sessions, *, passages: PassageDesk, peers: Peers) -> None:
        """Keep the collaborators; `desk` must be running."""
        self._agent = agent
        self._desk = desk
        self._sessions = sessions
        self._passages = passages
        self._peers = peers
        self._phrases = Phrasebook.load()

    async def Converse(  # noqa: N802  # the name of the RPC
        self, request: chat_service_pb2.ConverseRequest, _context: _Context
    ) -> AsyncIterator[chat_service_pb2.ConverseResponse]:
        """One question, its answer event by event."""
        principal = current_principal()
        owner = principal.acting_for(request.user_ref)
        question = _question(request, owner, personal=Scope.USER in principal.scopes)

        async def answering(emit: Emit) -> None:
            await self._agent.answer(question, emit)

        async for attached, event in self._desk.follow(owner, request.idempotency_key, answering):
            yield _attached(event) if attached and event.HasField("opened") else event

    async def SearchContext(  # noqa: N802
        self, request: chat_service_pb2.SearchContextRequest, _context: _Context
    ) -> chat_service_pb2.SearchContextResponse:
        """Passages that an answer could cite, best first."""
        return await self._passages.search(request)

    async def Recommend(  # noqa: N802
        self, request: chat_service_pb2.RecommendRequest, _context: _Context
    ) -> chat_service_pb2.RecommendResponse:
        """A digest of the open signals over all kinds."""
        current_principal().acting_for(request.user_ref)
        if not 0 <= request.limit <= MOST:
            raise InvalidInput("limit", f"must be 1 to {MOST}; 0 means {USUAL}")
        kinds = tuple(SIGNAL_KIND.from_wire(number, f"kinds[{place}]") for place, number in enumerate(request.kinds))
        speech = self._phrases.speech(_language(request.language) or Language.KO)
        return await make_digest(self._peers, DigestWish(kinds=kinds, limit=request.limit or USUAL), speech)

    async def ListTurns(  # noqa: N802
        self, request: chat_service_pb2.ListTurnsRequest, _context: _Context
    ) -> chat_service_pb2.ListTurnsResponse:
        """A page of turns: the last ones first page by page, oldest first within a page."""
        owner = current_principal().acting_for(request.user_ref)
        size, cursor = page_size(request), page_cursor(request, (int,))
        before = int(cursor[0]) if cursor else None
        found = await self._sessions.turns(owner, request.conversation_id, before=before, limit=size + 1)
        numbers = sorted({number for number, _ in found})
        kept = numbers[-size:]
        token = next_page_token(request, (kept[0],)) if len(numbers) > size else ""
        turns = [turn for number, turn in found if number in kept]
        return chat_service_pb2.ListTurnsResponse(turns=turns, next_page_token=token)

    async def DeleteConversation(  # noqa: N802
        self, request: chat_service_pb2.DeleteConversationRequest, _context: _Context
    ) -> chat_service_pb2.DeleteConversationResponse:
        """Real deletion."""
        owner = current_principal().acting_for(request.user_ref)
        deleted = await self._sessions.delete(owner, request.conversation_id)
        self._desk.forget(owner)
        return chat_service_pb2.DeleteConversationResponse(deleted_count=deleted)


def _question(request: chat_service_pb2.ConverseRequest, owner: str, *, personal: bool) -> Question:
    return Question(
        text=request.text[: 4 * MAX_TEXT],
        owner=owner,
        user_ref=request.user_ref,
        conversation_id=request.conversation_id,
        language=_language(request.language),
        personal=personal,
    )


def _language(text: str) -> Language | None:
    """The language that a request names; None when it names none."""
    if text and text not in set(Language):
        raise InvalidInput("language", "must be ko or en; empty means the language of the question")
    return Language(text) if text else None


def _attached(event: chat_service_pb2.ConverseResponse) -> chat_service_pb2.ConverseResponse:
    marked = chat_service_pb2.ConverseResponse()
    marked.CopyFrom(event)
    marked.opened.attached = True
    return marked
