"""Answers that need little or no data: refusals, help, small talk, status, what is not there, and questions back."""

from dataclasses import replace

from kstock.chat.v1 import block_pb2, conversation_pb2
from kstock.common.v1 import quote_pb2

from servers.chat.answers.advice import nothing_to_look_up
from servers.chat.answers.ask import Ask, Subject, Teller
from servers.chat.answers.explanations import DocumentSearch, document_arguments, tell_passages
from servers.chat.answers.figures import moment_text, price_with_change, quote_badge
from servers.chat.answers.part import Block, Fact, Part, notice
from servers.chat.answers.quotes import quote_source
from servers.chat.answers.signals import list_calls, tell_list
from servers.chat.answers.troubles import missing
from servers.chat.tools.lookups import Lookups, PlannedCall, plan
from servers.chat.tools.market import SEARCH_INSTRUMENTS, SearchArguments
from servers.chat.tools.prices import GET_QUOTES, QuotesArguments
from servers.chat.tools.tool import Failure
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.values import Ambiguity, Unresolved
from shared.market.instrument import Instrument
from shared.market.signal import SignalKind
from shared.rpc.messages.times import read_timestamp

_SHOWN_CHOICES = 5
"""Choices with a number and a button; further ones are named."""
_GREETINGS = ("안녕", "하이", "헬로", "반가", "hello", "hi", "hey", "good m", "good a", "good e", "ㅎㅇ")


def unknown_subject(documents: DocumentSearch) -> Subject:
    """What is said to a question that was not understood: a text about its words, or that it was not.

    Args:
        documents: The tool that finds texts.
    """

    def calls(ask: Ask) -> tuple[PlannedCall, ...]:
        return (plan(documents, document_arguments(ask)),) if ask.understanding.text else ()

    def tell(ask: Ask, lookups: Lookups) -> Part:
        return tell_passages(ask, lookups, documents) or _tell_unknown(ask)

    return Subject(plan=calls, tell=tell)


def _tell_unknown(ask: Ask) -> Part:
    """The question was empty or not understood."""
    example = ask.say("plain.example")
    text = ask.say("plain.unknown" if ask.understanding.text else "plain.empty", example=example)
    return Part(
        headline=Fact(text=text),
        blocks=(notice(block_pb2.NOTICE_KIND_HELP, text, (example,)),),
        suggestions=(example,),
        outcome=conversation_pb2.ANSWER_OUTCOME_NO_EVIDENCE,
        disclaimer=False,
    )


def absent(key: str) -> Subject:
    """Plainly: this is not available.

    Args:
        key: Phrase that says what is not.
    """

    def tell(ask: Ask, lookups: Lookups) -> Part:
        del lookups
        return missing(ask, ask.say(key))

    return Subject(plan=nothing_to_look_up, tell=tell)


def _tell_fundamentals(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    name = ", ".join(map(ask.name, ask.stocks))
    return missing(ask, ask.say("facts.fundamentals", name=name), (ask.say("quote.follow", name=name),))


def _tell_help(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    items = tuple(ask.say("plain.help_items").split("|"))
    text = ask.say("plain.help")
    questions = tuple(item.partition(": ")[2] for item in items)
    return Part(
        headline=Fact(text=text),
        facts=tuple(Fact(text=item) for item in items),
        blocks=(notice(block_pb2.NOTICE_KIND_HELP, text, questions),),
        suggestions=questions[:3],
    )


def _tell_smalltalk(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    example = ask.say("plain.example")
    text = ask.understanding.text.casefold()
    key = "plain.hello" if any(word in text for word in _GREETINGS) else "plain.thanks"
    return Part(
        headline=Fact(text=ask.say(key, example=example)),
        suggestions=(example,),
        blocks=(notice(block_pb2.NOTICE_KIND_SMALL_TALK, ask.say(key, example=example)),),
        disclaimer=False,
    )


def _tell_status(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    moment = ask.moment
    newest = moment.newest.isoformat() if moment.newest else ask.say("facts.unknown")
    text = ask.say(
        "plain.status",
        time=moment_text(moment.now, moment.now, ask.language) + f" {moment.today.isoformat()}",
        phase=ask.say(f"phase.{moment.phase}"),
        newest=newest,
    )
    mode = Fact(text=ask.say("plain.status_mode", mode=moment.clock_mode))
    return Part(headline=Fact(text=text), facts=(mode,), disclaimer=False)


def _tell_reset(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    return Part(headline=Fact(text=ask.say("plain.reset")), disclaimer=False)


def _tell_out_of_scope(ask: Ask, lookups: Lookups) -> Part:
    del lookups
    example, unresolved = ask.say("plain.example"), ask.understanding.unresolved
    if unresolved:
        text = ask.say("plain.oos_foreign", words=unresolved[0].words, example=example)
    else:
        text = ask.say("plain.oos", example=example)
    return Part(
        headline=Fact(text=text),
        blocks=(notice(block_pb2.NOTICE_KIND_OUT_OF_SCOPE, text, (example,)),),
        suggestions=(example,),
        outcome=conversation_pb2.ANSWER_OUTCOME_OUT_OF_SCOPE,
        disclaimer=False,
    )


def _scan_calls(ask: Ask) -> tuple[PlannedCall, ...]:
    return list_calls(_as_list(ask))


def _tell_scan(ask: Ask, lookups: Lookups) -> Part:
    """Scans are started elsewhere; the newest result is told."""
    listed = _as_list(ask)
    part = tell_list(listed, lookups)
    topic = _scan_kind(ask).value.lower()
    return Part(
        headline=Fact(text=ask.say("plain.scan_run", topic=topic)),
        facts=(part.headline, *part.facts),
        risks=part.risks,
        blocks=part.blocks,
        outcome=part.outcome,
    )


def _scan_kind(ask: Ask) -> SignalKind:
    return next(iter(ask.entities.kinds), SignalKind.VCP)


def _as_list(ask: Ask) -> Ask:
    return replace(ask, intent=Intent(f"signal.{_scan_kind(ask).value.lower()}.list"))


def choice_calls(ambiguity: Ambiguity) -> tuple[PlannedCall, ...]:
    """What fits the words, and the prices of the choices, so that asking back already tells something."""
    return (
        plan(SEARCH_INSTRUMENTS, SearchArguments(query=ambiguity.words)),
        plan(GET_QUOTES, _choice_quotes(ambiguity)),
    )


def ask_which(ask: Ask, ambiguity: Ambiguity, lookups: Lookups) -> Part:
    """One short question with choices and their prices."""
    question = ask.say("clarify.which", words=ambiguity.words)
    quotes = lookups.result(GET_QUOTES, _choice_quotes(ambiguity))
    prices = {} if isinstance(quotes, Failure) else {quote.ticker: quote for quote in quotes.quotes}
    shown, others = ambiguity.choices[:_SHOWN_CHOICES], ambiguity.choices[_SHOWN_CHOICES:]
    facts = tuple(_choice(ask, number, one, prices.get(one.ticker)) for number, one in enumerate(shown, start=1))
    if others:
        question = f"{question} {ask.say('clarify.others', names=', '.join(map(ask.name, others)))}"
    lines = [fact.text for fact in facts]
    choices = [
        block_pb2.Choice(label=f"{ask.bare_name(choice)} {choice.ticker}", reply=choice.ticker, ticker=choice.ticker)
        for choice in shown
    ]
    value = block_pb2.Choices(question=question, choices=choices)
    block = Block(content="choices", value=value, title="", text="\n".join((question, *lines)))
    return Part(
        headline=Fact(text=question),
        facts=facts,
        blocks=(block,),
        suggestions=tuple(choice.name for choice in ambiguity.choices[:3]),
        outcome=conversation_pb2.ANSWER_OUTCOME_CLARIFY,
        disclaimer=False,
    )


def _choice(ask: Ask, number: int, choice: Instrument, quote: quote_pb2.Quote | None) -> Fact:
    price = ""
    if quote is not None:
        price = ask.say(
            "clarify.price",
            price=price_with_change(quote, ask.language),
            badge=quote_badge(quote, ask.moment.now, ask.language),
            time=moment_text(read_timestamp(quote.exchange_time), ask.moment.now, ask.language),
        )
    board = choice.board.value if choice.board else ""
    text = ask.say(
        "clarify.choice", number=number, name=ask.bare_name(choice), ticker=choice.ticker, board=board, price=price
    )
    return Fact(text=text, sources=() if quote is None else (quote_source(ask, quote),))


def _choice_quotes(ambiguity: Ambiguity) -> QuotesArguments:
    return QuotesArguments(tickers=tuple(choice.ticker for choice in ambiguity.choices[:_SHOWN_CHOICES]))


def ask_for_stock(ask: Ask) -> Part:
    """The question names no instrument and the conversation has none."""
    return ask_with_examples(ask, "clarify.stock", "clarify.stock_examples")


def ask_with_examples(ask: Ask, question: str, examples: str) -> Part:
    """One short question with a few answers that would do.

    Args:
        ask: The question.
        question: Key of what is asked back.
        examples: Key of the answers, divided by `|`.
    """
    text, answers = ask.say(question), tuple(ask.say(examples).split("|"))
    choices = [block_pb2.Choice(label=answer, reply=answer) for answer in answers]
    value = block_pb2.Choices(question=text, choices=choices)
    block = Block(content="choices", value=value, title="", text="\n".join((text, *answers)))
    return Part(
        headline=Fact(text=text),
        facts=(*(Fact(text=answer) for answer in answers), Fact(text=ask.say("clarify.other"))),
        blocks=(block,),
        suggestions=answers,
        outcome=conversation_pb2.ANSWER_OUTCOME_CLARIFY,
        disclaimer=False,
    )


def _tell_cancelled(ask: Ask, lookups: Lookups) -> Part:
    """What was previewed is left undone."""
    del lookups
    text = ask.say("clarify.cancelled")
    value = block_pb2.ActionCard(action=ask.intent.value, state=block_pb2.ACTION_STATE_DONE, summary=text)
    block = Block(content="action_card", value=value, title="", text=text)
    return Part(headline=Fact(text=text), blocks=(block,), disclaimer=False)


def not_found(ask: Ask, unresolved: Unresolved) -> Part:
    """No instrument has that name; the nearest ones are offered."""
    items = ", ".join(f"{one.name}({one.ticker})" for one in unresolved.suggestions)
    key = "plain.did_you_mean" if items else "plain.not_found"
    names = tuple(one.name for one in unresolved.suggestions)
    return missing(ask, ask.say(key, words=unresolved.words, items=items), names)


def unsupported_code(ask: Ask) -> Part:
    """A ten-digit K-OTC code."""
    return missing(ask, ask.say("plain.otc", code=ask.understanding.unsupported_code))


def _plain(tell: Teller) -> Subject:
    return Subject(plan=nothing_to_look_up, tell=tell)


FUNDAMENTALS = _plain(_tell_fundamentals)
HELP = _plain(_tell_help)
SMALLTALK = _plain(_tell_smalltalk)
STATUS = _plain(_tell_status)
CANCEL = _plain(_tell_cancelled)
RESET = _plain(_tell_reset)
OUT_OF_SCOPE = _plain(_tell_out_of_scope)
SCAN_RUN = Subject(plan=_scan_calls, tell=_tell_scan)
