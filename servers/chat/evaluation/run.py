"""A whole evaluation: every question asked in its own words and spoiled, judged, and counted."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import grpc
from kstock.market.v1 import market_service_pb2, market_service_pb2_grpc

from servers.chat.evaluation.answer import Asker
from servers.chat.evaluation.case import Case, Names
from servers.chat.evaluation.evidence import Evidence
from servers.chat.evaluation.judging import Judgement, judge
from servers.chat.evaluation.perturbation import spoiled
from servers.chat.evaluation.questions import Question, QuestionClass
from shared.clock import Clock
from shared.market.errors import NotFound
from shared.market.language import Language
from shared.rpc.client import domain_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """What to do.

    Attributes:
        perturbations: Names of the ways to spoil questions; empty asks them in their own words only.
        seed: Of the perturbations.
        settled: Whether values stay the same during the run, so that a look-up need not be made again for every answer.
    """

    perturbations: tuple[str, ...] = ()
    seed: int = 1
    settled: bool = True


class Evaluation:
    """Asks one server."""

    def __init__(self, channel: grpc.aio.Channel, clock: Clock, plan: EvaluationPlan) -> None:
        self._asker = Asker(channel, clock)
        self._evidence = Evidence(channel)
        self._market = market_service_pb2_grpc.MarketServiceStub(channel)
        self._plan = plan
        self._names: dict[str, Names | None] = {}

    def size(self, questions: Sequence[Question]) -> int:
        """How many answers a run will have."""
        return sum(len(self._variants(question, number)) for number, question in enumerate(questions))

    async def run(self, questions: Sequence[Question], judged: Callable[[Judgement], None]) -> list[Judgement]:
        """Ask everything, one question after the other.

        Args:
            questions: What to ask.
            judged: Is told of each judgement as it is made.
        """
        judgements = []
        for number, question in enumerate(questions):
            for variant, text in self._variants(question, number):
                judgement = await self._judge(question, variant, text)
                judged(judgement)
                judgements.append(judgement)
                await asyncio.sleep(0)
        return judgements

    def _variants(self, question: Question, number: int) -> list[tuple[str, str]]:
        """The question itself, and spoiled if it is a Korean one that stands alone and is not spoiled already."""
        variants = [("", question.text)]
        if question.language is Language.KO and question.kind is QuestionClass.NORMAL and not question.history:
            seed = self._plan.seed + number
            variants += [(name, spoiled(question.text, name, seed=seed)) for name in self._plan.perturbations]
        return variants

    async def _judge(self, question: Question, variant: str, text: str) -> Judgement:
        asked = replace(question, text=text)
        answer = await self._asker.ask([*question.history, text])
        if not self._plan.settled:
            self._evidence.forget()
        facts = await self._evidence.facts(asked, answer)
        wanted = {ticker for one in question.must for ticker in one.tickers} | answer.tickers
        names = {ticker: found for ticker in wanted if (found := await self._name(ticker)) is not None}
        return judge(Case(question=asked, answer=answer, facts=facts, names=names), variant=variant)

    async def _name(self, ticker: str) -> Names | None:
        """Official names; None when the server's market has no such instrument."""
        if ticker not in self._names:
            request = market_service_pb2.GetInstrumentRequest(ticker=ticker)
            try:
                with domain_errors():
                    found = (await self._market.GetInstrument(request)).instrument
                self._names[ticker] = Names(korean=found.name, english=found.name_en)
            except NotFound:
                self._names[ticker] = None
        return self._names[ticker]
