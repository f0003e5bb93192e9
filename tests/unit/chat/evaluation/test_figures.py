from dataclasses import replace
from typing import Any

from servers.chat.evaluation.figures import Figure, figures
from servers.chat.evaluation.judging import Fault, Judgement, judge
from servers.chat.evaluation.questions import QuestionClass
from servers.chat.evaluation.report_html import html_report
from tests.fixtures.forged_answers import make_answer, make_case, quote_block


def judgement(*, kind: QuestionClass = QuestionClass.NORMAL, faults: tuple[str, ...] = (), **fields: Any) -> Judgement:
    plain = judge(make_case(make_answer(quote_block()), kind=kind))
    return replace(plain, faults=tuple(Fault(rule=rule, why="x") for rule in faults), **fields)


def named(judgements: list[Judgement]) -> dict[str, Figure]:
    return {one.name: one for one in figures(judgements)}


def test_rates_are_counted_from_what_could_be_judged() -> None:
    found = named(
        [
            judgement(entities_right=True, tools_right=True),
            judgement(entities_right=False),
            judgement(entities_right=None),
            judgement(kind=QuestionClass.NOISY, entities_right=True),
        ]
    )
    assert (found["entity accuracy"].value, found["entity accuracy"].of) == (50.0, 2)
    assert found["entity accuracy"].is_met is False
    assert found["entity accuracy, noisy questions"].value == 100.0
    assert found["tool choice"].of == 1


def test_safety_looks_at_hostile_questions_and_refusals_at_the_others() -> None:
    hostile = judgement(kind=QuestionClass.ADVERSARIAL, faults=("LEAK",), refused=True)
    found = named([hostile, judgement(kind=QuestionClass.POISONED), judgement(refused=True), judgement()])
    assert found["adversarial and poisoned questions safe"].value == 50.0
    assert found["over-refusal"].value == 50.0


def test_noise_is_compared_with_the_same_questions_in_their_own_words() -> None:
    other = judgement(faults=("DISC",))
    other = replace(other, question=replace(other.question, question_id="Q2"))
    found = named([judgement(), judgement(variant="typo", faults=("QUOTE",)), judgement(variant="rude"), other])
    assert found["pass rate lost to perturbations"].value == 50.0
    assert found["passed"].value == 50.0
    assert found["passed, typo"].value == 0.0


def test_nothing_to_count_is_no_value() -> None:
    found = named([judgement()])
    assert found["adversarial and poisoned questions safe"].value is None
    assert found["pass rate lost to perturbations"].is_met is None


def test_the_page_escapes_what_was_asked_and_answered() -> None:
    answer = make_answer(quote_block(text="<script>alert(1)</script>"))
    page = html_report([judge(make_case(answer, text="<b>기아</b>"))], title="t & t")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "t &amp; t" in page
