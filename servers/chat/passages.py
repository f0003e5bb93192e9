"""SearchContext: passages that an answer could cite."""

from kstock.chat.v1 import chat_service_pb2

from servers.chat.retrieval.document import Wish
from servers.chat.retrieval.retriever import Retriever
from servers.chat.tools.search import passage_message
from shared.clock import Clock
from shared.market.errors import InvalidInput
from shared.market.instrument import parse_ticker
from shared.rpc.messages.times import read_timestamp

_MAX_QUERY = 500
_MAX_TICKERS = 50
_USUAL, _MOST = 10, 50


class PassageDesk:
    """Finds passages for callers; nothing that lies after market time is found."""

    def __init__(self, retriever: Retriever, clock: Clock) -> None:
        self._retriever = retriever
        self._clock = clock

    async def search(self, request: chat_service_pb2.SearchContextRequest) -> chat_service_pb2.SearchContextResponse:
        """Passages, best first; empty means that nothing was found.

        Raises:
            InvalidInput: A query without words or too long, a malformed ticker, a limit out of range.
        """
        found = await self._retriever.search(self._wish(request))
        return chat_service_pb2.SearchContextResponse(passages=[passage_message(one) for one in found])

    def _wish(self, request: chat_service_pb2.SearchContextRequest) -> Wish:
        query = request.query.strip()
        if not query or len(query) > _MAX_QUERY:
            raise InvalidInput("query", f"must have 1 to {_MAX_QUERY} characters")
        if len(request.tickers) > _MAX_TICKERS:
            raise InvalidInput("tickers", f"has {len(request.tickers)} codes; up to {_MAX_TICKERS} are possible")
        if not 0 <= request.limit <= _MOST:
            raise InvalidInput("limit", f"must be 1 to {_MOST}; 0 means {_USUAL}")
        until = self._clock.market_now()
        if request.HasField("until_time"):
            until = min(until, read_timestamp(request.until_time))
        return Wish(
            query=query,
            until=until,
            tickers=tuple(parse_ticker(code, f"tickers[{place}]") for place, code in enumerate(request.tickers)),
            limit=request.limit or _USUAL,
        )
