import pytest

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.port import FinishReason, ModelRequest, UserMessage
from servers.chat.llm.structured import ask_structured
from servers.chat.llm.tokens import expected_tokens
from tests.fakes.model_script import Babble, End, Say, Turn
from tests.fakes.scripted_model import ScriptedModel

REQUEST = ModelRequest(system="s", messages=(UserMessage(text="질문"),))
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}


@pytest.mark.parametrize("text", ['{"a": 1}', '```json\n{"a": 1}\n```', ' {"a":1} '])
async def test_an_object_is_read(text: str) -> None:
    model = ScriptedModel([Say(text)])
    answer = await ask_structured(model, REQUEST, SCHEMA)
    assert answer.value == {"a": 1}
    assert answer.used.output_tokens > 0
    assert model.requests[0].schema == SCHEMA


@pytest.mark.parametrize(
    "turn",
    [[Say("[1]")], [Say("a: 1")], [Say('{"a": 1}'), End(FinishReason.LENGTH)], [], [Babble("{" * 50_000)]],
    ids=["list", "prose", "cut", "empty", "endless"],
)
async def test_anything_else_is_an_error(turn: Turn) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        await ask_structured(ScriptedModel(turn), REQUEST, SCHEMA)
    assert raised.value.trouble is Trouble.MALFORMED


def test_expected_tokens_are_on_the_dear_side() -> None:
    request = ModelRequest(system="가" * 300, messages=(UserMessage(text="나" * 300),), max_output_tokens=500)
    expected = expected_tokens(request)
    assert expected.input_tokens >= 400
    assert expected.output_tokens == 500
