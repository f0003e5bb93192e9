"""The badge that stands on every price."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.market.freshness import badge
from shared.market.language import Language
from shared.market.quote import Quality

NOW = datetime(2026, 11, 20, 4, 27, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quality", "age", "expected"),
    [
        (Quality.REALTIME, timedelta(seconds=5), "🟢 실시간"),
        (Quality.REALTIME, timedelta(minutes=7), "🟢 실시간 · 마지막 체결 13:20"),
        (Quality.POLLED, timedelta(seconds=40), "🟡 준실시간 · 60초 폴링"),
        (Quality.CLOSED, timedelta(days=1), "⚪ 종가 11/19"),
        (Quality.CLOSED, timedelta(days=365), "⚪ 종가 2025-11-20"),
        (Quality.DELAYED, timedelta(minutes=7), "🟠 지연 · 7분 전"),
        (Quality.STALE, timedelta(hours=3), "🟠 지연 · 3시간 전"),
        (Quality.STALE, timedelta(0), "🟠 지연 · 0초 전"),
        (Quality.REPLAYED, timedelta(0), "⏪ 재생 2026-11-20"),
        (Quality.SIMULATED, timedelta(0), "⬜ 모의 데이터"),
    ],
)
def test_every_quality_has_its_badge(quality: Quality, age: timedelta, expected: str) -> None:
    assert badge(quality, NOW - age, NOW) == expected


def test_english_speakers_read_english() -> None:
    assert badge(Quality.STALE, NOW - timedelta(minutes=7), NOW, Language.EN) == "🟠 delayed · 7 min ago"
