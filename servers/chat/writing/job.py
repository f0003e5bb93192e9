"""One answer to be written: what the model is told, what it may ask for, and what its text is held against."""

from dataclasses import dataclass, field

from servers.chat.writing.draft import Judge
from servers.chat.writing.stage import Stage
from servers.chat.writing.toolbox import Toolbox


@dataclass(slots=True, kw_only=True)
class Spent:
    """What an answer has cost so far."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro_usd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One answer.

    Attributes:
        principal: Whose day pays.
        request: The first message to the model.
        toolbox: What it may ask for.
        judge: What its sentences are judged by.
        stage: Where they are shown.
        grounded: Whether the facts answer something already; if not, only a text with found data is shown.
        spent: Grows with every turn.
    """

    principal: str
    request: str
    toolbox: Toolbox
    judge: Judge
    stage: Stage
    grounded: bool
    spent: Spent = field(default_factory=Spent)

    @property
    def has_evidence(self) -> bool:
        """Whether there is anything that a text could rest on."""
        return self.grounded or self.toolbox.found > 0
