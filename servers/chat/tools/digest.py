"""The digest of open signals as a tool."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from kstock.chat.v1 import chat_service_pb2

from servers.chat.answers.speech import Phrasebook
from servers.chat.peers import Peers
from servers.chat.recommendation.digest import MOST, USUAL, DigestWish, make_digest
from servers.chat.tools.arguments import About
from servers.chat.tools.tool import Tool
from shared.market.instrument import Board
from shared.market.language import Language
from shared.market.signal import SignalKind


@dataclass(frozen=True, slots=True)
class DigestArguments:
    """Which open signals to weigh."""

    kinds: Annotated[tuple[SignalKind, ...], About("kinds; empty for all", most=6)] = ()
    board: Annotated[Board | None, About("board")] = None
    limit: Annotated[int, About("most instruments", least=1, most=MOST)] = USUAL
    language: Annotated[Language, About("language of the reasons")] = Language.KO


def digest_signals(phrases: Phrasebook) -> Tool[DigestArguments, chat_service_pb2.RecommendResponse]:
    """The tool in the words of a table."""
    return Tool(
        name="digest_signals",
        domain="signals",
        description="Open signals over all strategies, weighed, with reasons, levels, risks and past outcomes.",
        arguments=DigestArguments,
        run=_reader(phrases),
    )


def _reader(
    phrases: Phrasebook,
) -> Callable[[Peers, DigestArguments], Awaitable[chat_service_pb2.RecommendResponse]]:
    async def run(peers: Peers, arguments: DigestArguments) -> chat_service_pb2.RecommendResponse:
        wish = DigestWish(kinds=arguments.kinds, board=arguments.board, limit=arguments.limit)
        return await make_digest(peers, wish, phrases.speech(arguments.language))

    return run
