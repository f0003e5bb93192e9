"""Headlines of the invented market: what a day's moves might have been reported with."""

from datetime import timedelta

import numpy as np

from servers.feed.simulated.market import SimulatedMarket
from shared.market.instrument import InstrumentKind
from shared.store.repositories.news import Headline

_PRESS = "모의뉴스"
_FIRST, _LAST_MINUTE = timedelta(minutes=-60), 480  # from an hour before the opening to an hour and a half after the close
_PER_DAY = 9

_RISING = (
    "{name}, 대규모 공급 계약 체결 소식에 강세",
    "{name}, 분기 영업이익 시장 전망 상회",
    "{name}, 자사주 매입 결정에 투자심리 개선",
    "{name}, 신제품 수주 호조로 실적 성장 기대",
    "증권가 '{name}' 목표가 상향, 업황 회복 전망",
    "{name}, 외국인 매수세 유입에 상승",
)
_FALLING = (
    "{name}, 분기 실적 부진에 약세",
    "{name}, 원가 부담 우려에 하락",
    "{name}, 주요 고객사 주문 감소 우려",
    "증권가 '{name}' 목표가 하향, 수요 둔화 지적",
    "{name}, 유상증자 결정에 급락",
    "{name}, 차익 실현 매물에 하락",
)
_NEUTRAL = (
    "{name}, 정기 주주총회 일정 공시",
    "{name}, 신임 사업부장 선임",
    "{name}, 기업설명회 개최 예정",
    "{name}, 지속가능경영 보고서 발간",
)


def headlines_of(market: SimulatedMarket, position: int) -> list[Headline]:
    """Headlines of a session in order of time; the same every time they are asked for."""
    random = np.random.default_rng([market.seed, 6, position])
    session = market.sessions[position]
    move = market.close[position] / market.close_before(position) - 1.0
    common = [row for row, one in enumerate(market.universe.instruments) if one.kind is InstrumentKind.COMMON]
    loud = sorted(common, key=lambda row: -abs(float(move[row])))[: _PER_DAY * 2]
    rows = [*random.choice(loud, _PER_DAY - 2, replace=False).tolist(), *random.choice(common, 2).tolist()]
    minutes = sorted(random.integers(0, _LAST_MINUTE, len(rows)).tolist())
    return [
        Headline(
            title=_title(market.universe.instruments[row].name, float(move[row]), random),
            published_time=session.opens + _FIRST + timedelta(minutes=minute),
            time_is_exact=True,
            tickers=(market.universe.instruments[row].ticker,),
            lead="모의 시장에서 만들어진 기사입니다.",
            press=_PRESS,
        )
        for row, minute in zip(rows, minutes, strict=True)
    ]


def _title(name: str, move: float, random: np.random.Generator) -> str:
    if abs(move) < 0.01:
        return str(random.choice(_NEUTRAL)).format(name=name)
    return str(random.choice(_RISING if move > 0 else _FALLING)).format(name=name)
