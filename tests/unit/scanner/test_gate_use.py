"""What the gate does to a verdict, grade by grade."""

from dataclasses import replace

import pytest

from servers.scanner.gate import GateColour
from servers.scanner.gate_use import GateVerdict, apply_gate
from shared.market.signal import Grade
from tests.fixtures.candidates import make_candidate


def verdict(colour: GateColour, *, has_data: bool = True) -> GateVerdict:
    return GateVerdict(colour=colour, has_data=has_data)


@pytest.mark.parametrize("grade", list(Grade))
def test_green_changes_nothing(grade: Grade) -> None:
    candidate = make_candidate(grade=grade)
    assert apply_gate(candidate, verdict(GateColour.GREEN)) is candidate


@pytest.mark.parametrize(("grade", "stays"), [(Grade.S, True), (Grade.A, True), (Grade.B, False), (Grade.C, False)])
def test_yellow_leaves_only_the_best_tradable(grade: Grade, stays: bool) -> None:
    candidate = make_candidate(grade=grade)
    gated = apply_gate(candidate, verdict(GateColour.YELLOW))
    assert gated.tradable is stays
    assert gated.cautions == candidate.cautions + (() if stays else ("마켓 게이트 YELLOW – S·A 등급만 매매 대상",))


@pytest.mark.parametrize("grade", list(Grade))
def test_red_leaves_nothing_tradable_and_touches_nothing_else(grade: Grade) -> None:
    candidate = make_candidate(grade=grade)
    gated = apply_gate(candidate, verdict(GateColour.RED))
    assert not gated.tradable
    assert replace(gated, tradable=candidate.tradable, cautions=candidate.cautions) == candidate


def test_a_gate_without_data_says_so() -> None:
    gated = apply_gate(make_candidate(grade=Grade.B), verdict(GateColour.YELLOW, has_data=False))
    assert gated.cautions[-1] == "마켓 게이트 자료 없음 – S·A 등급만 매매 대상"
