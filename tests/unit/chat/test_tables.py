"""The packaged tables are complete and consistent: phrases, glossary, cues, tools."""

import json
import string

import pytest

from servers.chat.answers.speech import Phrasebook
from servers.chat.knowledge.glossary import Glossary
from servers.chat.planner import build_subjects
from servers.chat.tools.actions import RuleArguments
from servers.chat.tools.arguments import parse_arguments, schema_of
from servers.chat.tools.registry import build_registry
from servers.chat.tools.signals import SignalsArguments
from servers.chat.understanding.definitions import DefinitionReader
from servers.chat.understanding.families import SIGNAL_FAMILIES
from servers.chat.understanding.intents import Intent
from servers.chat.understanding.lexicon import Lexicon
from servers.chat.understanding.values import Aspect, Investor
from servers.scanner.strategies.parameters import StrategyParameters
from shared.market.errors import InvalidInput
from shared.market.instrument import Board, InstrumentFlag, InstrumentKind
from shared.market.language import Language
from shared.market.sessions import SessionPhase
from shared.market.signal import Grade, SignalKind
from shared.market.topic import MarketIndex
from tests.fakes.searching import own_tools

PHRASES = Phrasebook.load().phrases


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_phrase_names_no_value_in_english_that_it_lacks_in_korean():
    for key, (korean, english) in PHRASES.items():
        assert korean or key == "signal.all_kinds"
        assert _values(english) <= _values(korean), key


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("phase.", SessionPhase),
        ("name.kind_", SignalKind),
        ("name.index_", MarketIndex),
        ("name.investor_", Investor),
        ("name.instrument_", InstrumentKind),
        ("name.flag_", InstrumentFlag),
    ],
)
def test_every_value_that_is_printed_has_its_words(prefix, values):
    assert {f"{prefix}{value}" for value in values} <= set(PHRASES)


def test_every_term_that_can_be_asked_for_is_explained_in_both_languages():
    glossary, lexicon = Glossary.load(), Lexicon.load()
    lore = DefinitionReader.load(lexicon.words["terms"]).keys
    wanted = {*lexicon.words["terms"], *lore, *(kind.value.lower() for kind in SignalKind), "grade"}
    assert wanted <= glossary.keys
    assert all(glossary.explain(key, language) for key in wanted for language in Language)


def test_the_rules_that_are_told_are_those_that_strategies_follow():
    parameters = StrategyParameters()
    vcp, jongga, daytrading = parameters.vcp, parameters.jongga, parameters.day
    told = {
        "vcp": (
            f"2~{vcp.k_max}회",
            f"앞의 {vcp.ratio_max:.0%}",
            f"{vcp.t1_min:.0%}".rstrip("%") + f"~{vcp.t1_max:.0%}",
            f"{vcp.last_depth_max:.0%}",
            f"{vcp.base_min_bars}~{vcp.lookback}거래일",
            f"8개 중 {vcp.trend_min}개",
            f"{vcp.breakout_vr:g}배",
            f"-{vcp.max_stop:.0%}",
            f"S ≥{parameters.grade_vcp.s:g} · A ≥{parameters.grade_vcp.a:g} · B ≥{parameters.grade_vcp.b:g}",
        ),
        "jongga": (
            f"{jongga.news_hours}시간",
            *(f"{value / 1e8:,.0f}억" for value in jongga.value_points),
            f"{jongga.near_high:.0%}",
            f"{jongga.change_min:.0%} 이상 {jongga.change_max:.0%} 미만",
            f"S ≥{jongga.grade_s} · A ≥{jongga.grade_a} · B ≥{jongga.grade_b}",
        ),
        "daytrading": (
            f"{daytrading.volume_full:g}배 15점 · {daytrading.volume_half:g}배 8점",
            f"{daytrading.box_width:.0%}",
            f"{daytrading.buying_full / 1e8:.0f}억",
            f"+{daytrading.take_profit:.0%}, 손절 기준 -{daytrading.stop_loss:.0%}",
            f"{daytrading.average_turnover_min / 1e8:.0f}억",
            f"S ≥{daytrading.grade_s} · A ≥{daytrading.grade_a} · B ≥{daytrading.grade_b}",
        ),
    }
    for key, figures in told.items():
        explanation = Glossary.load().explain(key, Language.KO)
        assert explanation is not None
        text = " ".join((*explanation.facts, *explanation.rules))
        assert [figure for figure in figures if figure not in text] == [], key


def test_the_tables_of_words_name_known_values():
    words = Lexicon.load().words
    assert set(words["kinds"]) == set(SignalKind)
    assert set(words["indices"]) == set(MarketIndex)
    assert set(words["grades"]) == set(Grade)
    assert set(words["investors"]) == set(Investor)
    assert set(words["aspects"]) <= set(Aspect)


def test_every_table_of_cues_leads_to_an_intent_that_is_answered():
    subjects = build_subjects(own_tools())
    assert set(subjects) == set(Intent) - {Intent.CLARIFY}
    known = {
        *map(str, Intent),
        *SIGNAL_FAMILIES,
        "price.now",
        "market.gate.now",
        "news.why",
        "adversarial",
        "watchlist",
        "alert",
        "signal",
        "subscription",
    }
    for table in Lexicon.load().cue_tables:
        assert table.intent in known
        assert {rule.removesuffix("!weak") for rule in table.yields_to} <= known, table.intent


def test_every_tool_declares_its_parameters_as_json_schema():
    registry = build_registry(own_tools())
    for name, tool in registry.items():
        assert name == tool.name
        declared = json.loads(json.dumps(tool.parameters))
        assert declared["type"] == "object"
        assert set(declared["required"]) <= set(declared["properties"])
        assert all(one["description"] for one in declared["properties"].values())


def test_arguments_from_outside_are_checked_and_typed():
    given = {"kinds": ["VCP"], "board": "KOSPI", "min_score": 70, "opened_since": "2026-04-01", "limit": 5}
    parsed = parse_arguments(SignalsArguments, given)
    assert parsed.kinds == (SignalKind.VCP,)
    assert parsed.board is Board.KOSPI
    assert parsed.opened_since is not None
    assert parsed.opened_since.isoformat() == "2026-04-01"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kinds": ["WRONG"]}, "kinds"),
        ({"kinds": "VCP"}, "kinds"),
        ({"limit": 51}, "limit"),
        ({"limit": True}, "limit"),
        ({"opened_since": "yesterday"}, "opened_since"),
        ({"sql": "drop table"}, "sql"),
    ],
)
def test_wrong_arguments_name_their_field(given, field):
    with pytest.raises(InvalidInput) as refused:
        parse_arguments(SignalsArguments, given)
    assert refused.value.field == field


def test_a_required_argument_may_not_be_missing():
    with pytest.raises(InvalidInput) as refused:
        parse_arguments(RuleArguments, {"ticker": "005930"})
    assert refused.value.field == "kind"
    assert "kind" in schema_of(RuleArguments)["required"]
