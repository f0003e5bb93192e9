"""What is wanted of the bot, whatever the words: rules about which of the table's notions stand together in a question."""

from collections.abc import Mapping

from servers.chat.understanding.canvas import Canvas

RULE = "&"
"""A cue that begins with this sign is a rule over the table's words and the question's features."""

FEATURE = "="
"""Before the name of a feature, where it stands for words that were painted over."""


class ActSheet:
    """A question as the cues look at it; each notion is looked for once and only when a rule asks for it."""

    def __init__(
        self,
        canvas: Canvas,
        table: Mapping[str, tuple[str, ...]],
        *,
        features: frozenset[str],
        lemmas: frozenset[str],
    ) -> None:
        self._canvas = canvas
        self._table = table
        self.features = features
        self._lemmas = lemmas
        self._found: dict[str, str | None] = {}

    def find(self, pattern: str) -> str | None:
        """The words for which a cue holds: a pattern, a dictionary form, a feature, or a rule; None when it does not."""
        if pattern.startswith(RULE):
            return self._satisfy(pattern.removeprefix(RULE))
        if pattern.startswith(FEATURE):
            return pattern if pattern.removeprefix(FEATURE) in self.features else None
        if pattern.startswith("@"):
            return pattern[1:] if pattern[1:] in self._lemmas else None
        hit = self._canvas.find(pattern)
        return hit.words if hit else None

    def _satisfy(self, rule: str) -> str | None:
        """What makes a rule such as `buy judge !investor` hold: the first two stand in the question, the third does not."""
        words: list[str] = []
        for name in rule.split():
            found = self._notion(name.removeprefix("!"))
            if (found is None) != name.startswith("!"):
                return None
            words.append(found or "")
        return " ".join(word for word in words if word)

    def _notion(self, name: str) -> str | None:
        if name in self.features:
            return f"+{name}"
        if name not in self._found:
            found = (self.find(pattern) for pattern in self._table.get(name, ()))
            self._found[name] = next((words for words in found if words is not None), None)
        return self._found[name]
