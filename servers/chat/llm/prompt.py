"""The standing instructions: a packaged text with a version, and a canary that is new in every process."""

import secrets
from dataclasses import dataclass
from importlib import resources

_CANARY_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPrompt:
    """Instructions for writing answers.

    `version` names the packaged text, `canary` is a word that no answer can hold unless it gives the instructions away.
    """

    version: str
    text: str
    canary: str

    @classmethod
    def load(cls, canary: str = "") -> "SystemPrompt":
        """Read the packaged text.

        Args:
            canary: The marker; empty makes a random one.
        """
        packaged = (resources.files(__package__) / "prompts" / "answer.txt").read_text(encoding="utf-8")
        head, _, body = packaged.partition("---\n")
        marker = canary or f"kstock-{secrets.token_hex(_CANARY_BYTES)}"
        return cls(version=head.removeprefix("version:").strip(), text=body.replace("{canary}", marker), canary=marker)
