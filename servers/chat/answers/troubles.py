"""What is said when a look-up gave nothing: plainly what is missing, never an empty list that hides it."""

from kstock.chat.v1 import block_pb2, conversation_pb2

from servers.chat.answers.ask import Ask
from servers.chat.answers.part import Fact, Part, notice
from servers.chat.tools.tool import Failure


def missing(ask: Ask, message: str, suggestions: tuple[str, ...] = ()) -> Part:
    """An answer that says that the data asked for is not stored."""
    return Part(
        headline=Fact(text=message),
        blocks=(notice(block_pb2.NOTICE_KIND_NO_DATA, message, suggestions),),
        suggestions=suggestions or (ask.say("plain.example"),),
        outcome=conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE,
        disclaimer=False,
    )


def failed(ask: Ask, failure: Failure, what: str) -> Part:
    """An answer that says that a service did not answer.

    Args:
        ask: The question.
        failure: What went wrong.
        what: Key of the phrase that names the data, e.g. `answer.what_quotes`.
    """
    message = failure_text(ask, failure, what)
    return Part(
        headline=Fact(text=message),
        blocks=(notice(block_pb2.NOTICE_KIND_UNAVAILABLE, message),),
        outcome=conversation_pb2.ANSWER_OUTCOME_PARTIAL,
        disclaimer=False,
    )


def failure_text(ask: Ask, failure: Failure, what: str) -> str:
    """One sentence about a failed look-up."""
    if failure.reason == "NOT_ALLOWED":
        return ask.say("answer.unknown_asker", what=ask.say(what))
    if failure.reason == "NOT_SERVED":
        return ask.say("answer.not_served", what=ask.say(what))
    return ask.say("answer.unavailable", what=ask.say(what), reason=failure.reason)


def no_period_data(ask: Ask) -> Part:
    """An answer that says that the period asked for lies outside of what is stored."""
    if ask.moment.newest is None:
        return missing(ask, ask.say("when.nothing_stored"))
    period = str(ask.period).replace("..", " ~ ") if ask.period else ""
    return missing(ask, ask.say("when.no_period", period=period, newest=ask.moment.newest.isoformat()))
