"""Questions that point back: what is left of one beside entities and linking words, and which one of a list it means."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Self

from servers.chat.understanding.canvas import SIGNS, Canvas, Hit
from servers.chat.understanding.intents import NEEDS_STOCK, Intent
from servers.chat.understanding.morphology import Morpheme
from servers.chat.understanding.values import Context, Entities, Unit
from shared.market.instrument import Instrument

_CONTENT = ("N", "V", "MM", "MAG", "XR", "SL", "SH")
_NUMBERED = re.compile(r"(?<![0-9.,])(?P<n>[1-9]|10)(?:번|위|등|째)(?!째로|급|락|연속|이내|안|까지|정도|씩|만원|이상)")
_WHY = re.compile(
    r"^(?:그건|그게|근데|그런데|그럼|그래서|and)*(?:왜(?:요|지|죠|야|그래|그럼|그런거야|그런데|이래)?|이유(?:는|가|좀|요)?(?:뭐야|뭐죠|뭔데|뭐에요)?|why(?:isthat|so)?)[?.!~]*$"
)
_PRICES = frozenset({Intent.PRICE_QUOTE, Intent.PRICE_RETURN, Intent.PRICE_HISTORY, Intent.CHART, Intent.PRICE_EXTREME})
_ABOUT_INDEX = frozenset(
    {Intent.MARKET_INDEX, Intent.MARKET_SUMMARY, Intent.MARKET_GATE, Intent.CHART, Intent.FLOW, Intent.PRICE_RETURN}
)
_GIVEN_UP = re.compile(
    r"(?:\S+\s+(?=(?:거|것|건|쪽|데|날|종목)(?:은|는)?\s*(?:말고|아니고)))?\S+?\s*(?:말고(?:는)?|말구|아니고|아니라)[,\s]+(?=\S)"
    r"|\b(?:not|instead of|rather than) [a-z0-9%.]+(?:,| but)\s+",
    re.IGNORECASE,
)
_LISTS = frozenset({Intent.RANKING, Intent.RECOMMEND_BUY, Intent.SCOREBOARD, Intent.SCAN_RUN})
_BYWORDS, _REMARK = 2, 6
"""Words beside what is exchanged, and where the question says that the rest is as before."""
_WITHOUT_TIME = frozenset({Intent.SIGNAL_EXPLAIN, Intent.TERM, Intent.PRICE_AVERAGE})
_ASPECTS = frozenset(
    {
        "거래",
        "대금",
        "거래대금",
        "거래량",
        "시가",
        "총액",
        "시가총액",
        "시총",
        "등락률",
        "수익률",
        "turnover",
        "volume",
        "value",
    }
)
"""Words of figures that a list is ordered by; they are not painted over."""
_COMPARING = frozenset({"비교", "비교하다", "compare"})
_BY_INVESTOR = frozenset({Intent.RANKING, Intent.FLOW})
_BY_KIND = frozenset({Intent.SCOREBOARD, Intent.SIGNAL_EXPLAIN, Intent.SCAN_RUN, Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """The words of `tables/follow_up.toml`."""

    words: frozenset[str]
    list_words: frozenset[str]
    ordinals: tuple[tuple[int, tuple[str, ...]], ...]

    @classmethod
    def load(cls) -> Self:
        """Read the packaged table."""
        text = (resources.files(__package__) / "tables" / "follow_up.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)
        return cls(
            words=frozenset((*table["words"], *table["english"])),
            list_words=frozenset(table["list_words"]),
            ordinals=tuple((int(place), tuple(patterns)) for place, patterns in table["ordinals"].items()),
        )

    def repeats(
        self, entities: Entities, morphemes: Sequence[Morpheme], context: Context, *, asked: bool, bare: bool, same: bool
    ) -> bool:
        """Whether the question only exchanges something in the one before: 하이닉스는?, 1년으로 늘려서, 코스닥만 다시.

        Args:
            entities: What it names.
            morphemes: Of its words, entities painted over.
            context: The conversation.
            asked: It wishes for another language or for more of the same.
            bare: Nothing else that it says is understood, so that a few words beside are a remark: 너무 짧다.
            same: It says that the rest stays as it was: 동일 조건으로.
        """
        if not context.intents:
            return False
        left = self._left(entities, morphemes, context)
        if left <= (_REMARK if same else _BYWORDS if bare else 0):
            return _exchanges(entities, context) or (asked and (same or not left) and not _names_something(entities))
        return False

    def answers(self, entities: Entities, morphemes: Sequence[Morpheme], context: Context) -> bool:
        """Whether it names the instrument that was asked for."""
        return bool(context.pending and entities.stocks) and not self._left(entities, morphemes, context)

    def listed(self, canvas: Canvas, context: Context) -> tuple[Hit, Instrument] | None:
        """The one of the last list that the question means by its place, and the words for it.

        Args:
            canvas: The question as it was written.
            context: The conversation with what was listed.
        """
        for place, hit in self._places(canvas):
            position = place - 1 if place > 0 else len(context.listed) + place
            if 0 <= position < len(context.listed):
                return hit, context.listed[position]
        return None

    def _places(self, canvas: Canvas) -> list[tuple[int, Hit]]:
        named = [(place, hit) for place, patterns in self.ordinals for p in patterns if (hit := canvas.find(p)) is not None]
        numbered = [(int(hit.match["n"]), hit) for hit in canvas.find_all(_NUMBERED.pattern)]
        return sorted((*named, *numbered), key=lambda item: item[1].start)

    def _left(self, entities: Entities, morphemes: Sequence[Morpheme], context: Context) -> int:
        """How many words of the question neither point back nor name an entity."""
        known = self.words | self.list_words if after_list(context) else self.words
        if Intent.PRICE_COMPARE in context.intents:
            known |= _COMPARING
        return sum(
            known.isdisjoint((item.lemma.casefold(), item.form.casefold())) and not _is_entity(item, entities, context)
            for item in _content(morphemes)
        )


def without_the_old(text: str) -> str:
    """The text without what it gives up: `거래량 말고 거래대금 기준으로` is about the turnover."""
    match = _GIVEN_UP.search(text)
    rest = text if match is None else f"{text[: match.start()]} {text[match.end() :]}"
    return rest if len(rest.strip()) > 1 else text


def after_list(context: Context) -> bool:
    """Whether the last answer was a list of instruments."""
    return any(intent in _LISTS or intent.value.endswith(".list") for intent in context.intents)


def only_why(canvas: Canvas, context: Context) -> bool:
    """`왜?` after a price: what was reported about it."""
    return bool(_WHY.match(canvas.compact)) and bool(_PRICES.intersection(context.intents) and context.stocks)


def _content(morphemes: Sequence[Morpheme]) -> list[Morpheme]:
    return [item for item in morphemes if item.tag.startswith(_CONTENT) and not SIGNS.intersection(item.form)]


def _is_entity(item: Morpheme, entities: Entities, context: Context) -> bool:
    """Words of investors are not painted over."""
    names = {"외국인", "외인", "기관", "개인", "개미", "연기금", "외국계", "foreigners", "institutions", "retail"}
    by_investor = entities.investors and _BY_INVESTOR.intersection(context.intents)
    by_aspect = entities.aspects and after_list(context)
    form = item.form.casefold()
    return bool(by_investor and form in names) or bool(by_aspect and form in _ASPECTS)


def _exchanges(entities: Entities, context: Context) -> bool:
    """Whether what is named can stand in the place of something in the question before."""
    before = frozenset(context.intents)
    signals = any(intent.value.startswith("signal.") for intent in before)
    lists = after_list(context)
    holds = (
        (entities.kinds, signals or bool(_BY_KIND & before)),
        (entities.stocks or entities.excluded, signals or bool(NEEDS_STOCK & before)),
        (entities.indices, lists or bool(_ABOUT_INDEX & before)),
        (entities.grades, lists or Intent.ALERT_CREATE in before),
        (entities.investors, bool(_BY_INVESTOR & before)),
        (_bounds(entities), lists or bool({Intent.ALERT_CREATE, Intent.PRICE_RETURN} & before)),
        (entities.count, lists or Intent.NEWS in before),
        (entities.aspects, lists or Intent.PRICE_QUOTE in before),
        (entities.periods, not _WITHOUT_TIME & before),
    )
    named = [fits for one, fits in holds if one]
    return bool(named) and all(named)


def _names_something(entities: Entities) -> bool:
    """Whether the question names what could be exchanged."""
    named = (entities.kinds, entities.stocks, entities.indices, entities.grades, entities.investors, entities.periods)
    return any(named) or entities.count is not None


def _bounds(entities: Entities) -> bool:
    units = {Unit.WON, Unit.PERCENT, Unit.POINTS, Unit.MULTIPLE}
    return any(quantity.unit in units or quantity.comparison is not None for quantity in entities.quantities)
