"""The guard: every number, date, time, name and citation of a sentence must stand in the evidence."""

from collections.abc import Sequence

from servers.chat.grounding.arithmetic import wrong_changes, wrong_sums
from servers.chat.grounding.claims import CitationClaim
from servers.chat.grounding.evidence import Evidence
from servers.chat.grounding.frame_rules import contradicted, turned_round, wrong_periods, wrong_ranks
from servers.chat.grounding.names import MentionSource, find_named
from servers.chat.grounding.number_rules import NumberRules
from servers.chat.grounding.other_rules import (
    impossible_moments,
    stale_figures,
    turned_signs,
    unknown_moments,
    unknown_names,
    unknown_words,
)
from servers.chat.grounding.reading import read_claims
from servers.chat.grounding.tables import GuardTables
from servers.chat.grounding.verdict import Checked, Sentence, Violation, ViolationKind, violation


class Guard:
    """Checks sentences; remembers nothing, so that one guard serves all answers."""

    def __init__(self, mentions: MentionSource, tables: GuardTables) -> None:
        """Keep the collaborators.

        Args:
            mentions: All instruments of the market.
            tables: The packaged words.
        """
        self._mentions = mentions
        self._tables = tables

    def check(self, text: str, evidence: Evidence, *, spoken_of: Sequence[str] = ()) -> Checked:
        """Check one cleaned sentence.

        Args:
            text: The sentence.
            evidence: What is known.
            spoken_of: Subjects of the sentences before it, for one that names nobody itself.
        """
        sentence = self._read(text, evidence, tuple(spoken_of))
        numbers = NumberRules(sentence, evidence)
        violations = [
            *unknown_names(sentence),
            *numbers.check(),
            *unknown_moments(sentence, evidence),
            *impossible_moments(sentence),
            *turned_signs(sentence),
            *unknown_words(sentence, evidence),
            *stale_figures(sentence, evidence),
            *contradicted(sentence, evidence),
            *turned_round(sentence, evidence),
            *wrong_sums(sentence),
            *wrong_changes(sentence),
            *wrong_ranks(sentence, evidence),
            *wrong_periods(sentence, evidence),
            *self._wording(text),
        ]
        subjects = dict.fromkeys(subject for name in sentence.named if name.known for subject in name.subjects)
        return Checked(
            violations=tuple(sorted(violations, key=lambda found: found.start)),
            sources=tuple(sorted(numbers.sources)),
            cited=tuple(claim.number for claim in sentence.claims if isinstance(claim, CitationClaim)),
            subjects=tuple(subjects) or sentence.spoken_of,
        )

    def _read(self, text: str, evidence: Evidence, spoken_of: tuple[str, ...]) -> Sentence:
        named = find_named(text, evidence, self._mentions, outsiders=self._tables.outsiders)
        hidden = [(name.start, name.end) for name in named]
        claims = read_claims(text, hidden=hidden)
        terms = [match.span() for match in self._tables.terms.finditer(text)]
        telling = [claim for claim in claims if not any(start < claim.end and claim.start < end for start, end in terms)]
        return Sentence(text=text, claims=telling, all_claims=claims, named=named, spoken_of=spoken_of)

    def _wording(self, text: str) -> list[Violation]:
        return [
            violation(match, ViolationKind.WORDING, f"{kind} is not allowed")
            for kind, pattern in self._tables.wording
            for match in pattern.finditer(text)
        ]
