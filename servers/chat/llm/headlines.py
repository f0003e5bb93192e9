"""Headlines judged by a model, as scores from -1 to 1; where there is none, somebody else's verdict stands."""

import math
from collections.abc import Iterator, Sequence
from importlib import resources

import structlog

from servers.chat.llm.budget import Budget
from servers.chat.llm.errors import ModelUnavailable
from servers.chat.llm.fence import Fence
from servers.chat.llm.port import Json, Model, ModelRequest, TokenCount, UserMessage
from servers.chat.llm.structured import ask_structured
from servers.chat.llm.tokens import expected_tokens

log = structlog.get_logger(__name__)

PRINCIPAL = "headlines"
"""Whose day pays for headlines, beside the callers of the chat."""

_BATCH, _MOST = 40, 400
_MAX_TITLE = 200
_TOKENS_A_TITLE = 24
_SCHEMA: Json = {
    "type": "object",
    "properties": {
        "scores": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"number": {"type": "integer"}, "score": {"type": "number"}},
                "required": ["number", "score"],
            },
        }
    },
    "required": ["scores"],
}


class ModelHeadlineJudge:
    """Judges headlines in batches; what a model says beside the point is not taken over."""

    def __init__(self, model: Model, budget: Budget) -> None:
        self._model = model
        self._budget = budget
        packaged = (resources.files(__package__) / "prompts" / "headlines.txt").read_text(encoding="utf-8")
        head, _, self._system = packaged.partition("---\n")
        self.version = f"{model.name}/{head.removeprefix('version:').strip()}"

    async def scores(self, titles: Sequence[str]) -> list[float | None]:
        """A score for each title, None where the model gave none; of very many titles only the first are judged.

        Raises nothing when the model does not answer: the titles that are left have no score then.
        """
        scores: list[float | None] = [None] * len(titles)
        for start in range(0, min(len(titles), _MOST), _BATCH):
            try:
                scores[start : start + _BATCH] = await self._batch(titles[start : start + _BATCH])
            except ModelUnavailable as error:
                log.warning("headline_model_unavailable", trouble=error.trouble.value, why=error.why)
                return scores
        return scores

    async def _batch(self, titles: Sequence[str]) -> list[float | None]:
        listed = "\n".join(f"{number}. {title[:_MAX_TITLE]}" for number, title in enumerate(map(_line, titles), start=1))
        text = Fence().around("headlines", listed, limit=_BATCH * (_MAX_TITLE + 5))
        request = ModelRequest(
            system=self._system,
            messages=(UserMessage(text=text),),
            max_output_tokens=_TOKENS_A_TITLE * len(titles) + 64,
        )
        expected = expected_tokens(request)
        reservation = await self._budget.reserve(PRINCIPAL, expected)
        used = TokenCount(input_tokens=expected.input_tokens, output_tokens=0)
        try:
            answer = await ask_structured(self._model, request, _SCHEMA)
            used = answer.used
        finally:
            self._budget.settle(reservation, used)
        scores: list[float | None] = [None] * len(titles)
        for number, score in _entries(answer.value):
            if 1 <= number <= len(titles) and -1.0 <= score <= 1.0:
                scores[number - 1] = score
        return scores


def _line(title: str) -> str:
    """A title on one line, so that it cannot pretend to be several."""
    return " ".join(title.split())


def _entries(value: Json) -> Iterator[tuple[int, float]]:
    """Numbers and scores that are such."""
    listed = value.get("scores")
    for entry in listed if isinstance(listed, list) else ():
        number, score = (entry.get("number"), entry.get("score")) if isinstance(entry, dict) else (None, None)
        if isinstance(number, bool) or isinstance(score, bool):
            continue
        if isinstance(number, int) and isinstance(score, int | float) and math.isfinite(score):
            yield number, float(score)
