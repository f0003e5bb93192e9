"""Every question of the question file, read by the real analyser over the packaged instruments."""

import random
from collections import Counter
from pathlib import Path

import pytest

from servers.chat.understanding.understand import Understander
from tests.fixtures.question_checks import differences, understand_item
from tests.fixtures.question_file import read_questions
from tests.fixtures.question_noise import PERTURBATIONS, perturbed
from tests.unit.chat.conftest import TODAY

QUESTIONS = read_questions(Path(__file__).parents[2] / "fixtures" / "chat_questions.yaml")


@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: item["id"])
def test_a_question_is_read_as_its_asker_meant_it(item, understander: Understander):
    understood = understand_item(understander, item, TODAY)
    assert differences(item, understood) == [], [(e.intent, e.score, e.cues) for e in understood.evidence[:3]]


def test_the_file_covers_every_class_with_the_examples_and_more_than_150_others():
    classes = Counter(item["class"] for item in QUESTIONS)
    assert set(classes) == {"normal", "multiturn", "english", "adversarial", "noisy"}
    assert sum(item["half"] == "examples" for item in QUESTIONS) == 25
    assert len(QUESTIONS) > 25 + 150


@pytest.mark.parametrize(
    ("name", "least"), [("nospace", 0.92), ("rude", 0.97), ("polite", 0.97), ("stretched", 0.98), ("typo", 0.7)]
)
def test_noise_costs_few_questions(name, least, understander: Understander):
    items = [
        item for item in QUESTIONS if item["lang"] == "ko" and not item.get("history") and item.get("intent") != "unknown"
    ]
    items = random.Random(name).sample(items, 80)  # `make eval` asks all of them
    noisy = [perturbed(item, PERTURBATIONS[name], seed=index) for index, item in enumerate(items)]
    passed = sum(not differences(item, understand_item(understander, item, TODAY)) for item in noisy)
    assert passed / len(noisy) >= least, f"{name}: {passed} of {len(noisy)}"
