"""What to look at now: the digest of open signals, told with its reasons and risks and never as an instruction."""

from kstock.chat.v1 import block_pb2, chat_service_pb2

from servers.chat.answers.ask import Ask, Subject
from servers.chat.answers.part import Block, Fact, Part, Source
from servers.chat.answers.troubles import failed
from servers.chat.tools.digest import DigestArguments
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.tool import Failure, Tool
from shared.rpc.messages.times import read_local_date

_USUAL, _MOST = 3, 5
_REASONS_IN_LINE = 2

DigestTool = Tool[DigestArguments, chat_service_pb2.RecommendResponse]


def digest_subject(digest: DigestTool) -> Subject:
    """How the digest is told.

    Args:
        digest: The tool that makes it.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        return (plan(digest, digest_arguments(ask)),)

    def tell(ask: Ask, lookups: Lookups) -> Part:
        response = lookups.result(digest, digest_arguments(ask))
        if isinstance(response, Failure):
            return failed(ask, response, "answer.what_signals")
        if not response.recommendations:
            return Part(headline=Fact(text=ask.say("advice.reco_none")), suggestions=(ask.say("plain.example"),))
        return _told(ask, response)

    return Subject(plan=calls, tell=tell)


def digest_arguments(ask: Ask) -> DigestArguments:
    """Kinds, board and number that the question names."""
    return DigestArguments(
        kinds=ask.entities.kinds,
        board=next(iter(ask.entities.boards), None),
        limit=min(ask.entities.count or _USUAL, _MOST),
        language=ask.language,
    )


def _told(ask: Ask, response: chat_service_pb2.RecommendResponse) -> Part:
    day = read_local_date(response.as_of).isoformat()
    source = Source(label=ask.say("source.signals"), as_of=ask.moment.now)
    headline = Fact(text=ask.say("advice.reco", count=len(response.recommendations), day=day), sources=(source,))
    rows = [_row(rank, one) for rank, one in enumerate(response.recommendations, start=1)]
    details = [_details(rank, one) for rank, one in enumerate(response.recommendations, start=1)]
    block = Block(
        content="signal_list",
        value=block_pb2.SignalList(
            signals=[one.signals[0] for one in response.recommendations], total_count=len(response.recommendations)
        ),
        title="",
        text="\n".join(details),
        sources=(source,),
    )
    best = response.recommendations[0]
    return Part(
        headline=headline,
        facts=tuple(Fact(text=row, sources=(source,)) for row in rows),
        risks=tuple(dict.fromkeys((*best.contradictions, *best.risks)))[:3],
        blocks=(block,),
        suggestions=(ask.say("quote.follow", name=best.name),),
    )


def _row(rank: int, one: chat_service_pb2.Recommendation) -> str:
    """The instrument with what its best signal rests on."""
    return f"{rank}. {one.name}({one.ticker}) · {' · '.join(one.reasons[:_REASONS_IN_LINE])}"


def _details(rank: int, one: chat_service_pb2.Recommendation) -> str:
    return "\n".join(
        (f"{rank}. {one.name}({one.ticker})", *(f"  {line}" for line in (*one.reasons, *one.contradictions, *one.risks)))
    )
