"""Words that say what a number counts, in the order in which they are tried; a word inside another word is none."""

import re
from dataclasses import dataclass
from decimal import Decimal

from servers.chat.grounding.claims import Unit


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: str
    unit: Unit
    factor: Decimal = Decimal(1)


_ROWS = (
    _Row(r"%\s?p(?![a-z])|%\s?포인트|퍼센트\s?포인트|percentage\s?points?|프로\s?포인트", Unit.PERCENT_POINT),
    _Row(r"bps?(?![a-z])|basis\s?points?|베이시스\s?포인트", Unit.PERCENT, Decimal("0.01")),
    _Row(r"%|퍼센트|프로(?![가-힣]{2})|per\s?cent|percent|pct(?![a-z])", Unit.PERCENT),
    _Row(r"원(?!인|래|전|자|유|칙|화|활|료|본|천|격|가(?!량))|won(?![a-z])|krw(?![a-z])", Unit.WON),
    _Row(
        r"달러|엔화?(?![가-힣])|위안|유로|파운드|dollars?(?![a-z])|usd(?![a-z])|yen(?![a-z])|euros?(?![a-z])",
        Unit.FOREIGN_MONEY,
    ),
    _Row(
        r"(?:거래|영업)?일\s?(?:연속|째|내리)|(?:consecutive|straight)\s(?:trading\s)?(?:days?|sessions?)"
        r"|(?:trading\s)?(?:days?|sessions?)\s(?:in a row|running|straight)",
        Unit.STREAK,
    ),
    _Row(
        r"거래일|영업일|일간|일째|일\s?연속|일\s?동안|일\s?만|일(?!반|부|본|정|제|단|명|괄|률|시|종|자리|별|상|각|관)|(?:trading\s?)?days?(?![a-z])|sessions?(?![a-z])",
        Unit.DAYS,
    ),
    _Row(r"개월|달(?!러|성|리|하|라)|months?(?![a-z])", Unit.MONTHS),
    _Row(r"주\s?(?:간|째|차|동안|연속|전(?!량|체|부|망)|후)|주일|weeks?(?![a-z])", Unit.WEEKS),
    _Row(r"년\s?(?:간|째|만|동안|연속|전|래|여)?|years?(?![a-z])", Unit.YEARS),
    _Row(
        r"시간|분(?!기|석|야|할|류|포|산|위|배|명|쟁|리)(?:\s?(?:간|전|봉|뒤|후))?|초(?!반|과|기|보|점|안|입|대)"
        r"|분기(?=\s?연속)|hours?(?![a-z])|minutes?(?![a-z])|seconds?(?![a-z])",
        Unit.DURATION,
    ),
    _Row(r"주(?!가|식|요|주|택|도|력|말|의|목|총|장|당|최)|shares?(?![a-z])", Unit.SHARES),
    _Row(r"배(?!당|터|경|분|송|정|제|임|포|치)|times(?![a-z])|-?fold(?![a-z])|x(?![a-z0-9])", Unit.MULTIPLE),
    _Row(r"포인트|점(?!유|포|차|검|심|진|령|수)|pts?(?![a-z])|points?(?![a-z])|p(?![a-z])", Unit.POINTS),
    _Row(r"위(?!험|원|안|기|치|성|축|해|한|하여)|등(?!급|락|록|재|장|의|을|이|도)|(?:st|nd|rd|th)(?![a-z])", Unit.RANK),
    _Row(
        r"종목|개사|개(?!월|인|선|별|발|시|장|편|요|입|방)|건(?!설|강|물|축|조|전)|명(?!목|확|칭|세|령|분)|회(?!사|복|의|계|전|장|원|수|피|담)|번(?!째)|차례|가지|곳|군데|항목|기업|회사|업종|줄|stocks?(?![a-z])|signals?(?![a-z])|names?(?![a-z])|items?(?![a-z])|companies|시그널|신호",
        Unit.COUNT,
    ),
    _Row(r"번째|째", Unit.RANK),
)

UNIT_PATTERN = "|".join(f"(?P<u{number}>{row.pattern})" for number, row in enumerate(_ROWS))
"""One group per row."""


def unit_of(match: re.Match[str], prefix: str = "u") -> tuple[Unit, Decimal]:
    """What the matched word counts, and the factor that a number before it has; PLAIN where no word stands."""
    for number, row in enumerate(_ROWS):
        if match.group(f"{prefix}{number}"):
            return row.unit, row.factor
    return Unit.PLAIN, Decimal(1)
