import random
import subprocess
import sys

import pytest
from pydantic import SecretStr

from servers.chat.llm.registry import build_embedder, build_headline_judge, build_model
from servers.chat.retrieval.embedding import Embedder
from shared.config import ChatSettings, Settings
from shared.market.errors import InvalidInput
from tests.fakes.clock import FakeClock


def built(**settings: object) -> object:
    return build_model(ChatSettings(**settings), FakeClock(), random.Random(1))


def test_none_is_no_model() -> None:
    assert built() is None


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"model": "gemini"}, "API_KEY"),
        ({"model": "openai", "model_name": "m"}, "BASE_URL"),
        ({"model": "openai", "base_url": "http://127.0.0.1:1/v1"}, "MODEL_NAME"),
    ],
)
def test_a_missing_setting_is_named(settings: dict[str, object], missing: str) -> None:
    with pytest.raises(InvalidInput, match=missing):
        built(**settings)


async def test_a_chosen_model_is_built_with_its_name() -> None:
    gemini = built(model="gemini", api_key=SecretStr("k"))
    openai = built(model="openai", model_name="local", base_url="http://127.0.0.1:1/v1")
    assert gemini.name.startswith("gemini-")  # type: ignore[attr-defined]
    assert openai.name == "local"  # type: ignore[attr-defined]


def test_headlines_need_a_model_only_when_asked_for() -> None:
    def judge(**sections: object) -> object:
        settings = Settings(**sections)  # type: ignore[arg-type]  # pydantic validates them
        return build_headline_judge(settings, None, FakeClock(), random.Random(1))  # type: ignore[arg-type]

    assert judge() is None
    with pytest.raises(InvalidInput, match="KSTOCK_CHAT__MODEL"):
        judge(scanner={"headlines": "model"})


def embedder(**sections: object) -> Embedder | None:
    settings = Settings(**sections)  # type: ignore[arg-type]  # pydantic validates them
    return build_embedder(settings, None, FakeClock())  # type: ignore[arg-type]


def test_vectors_need_a_key_only_when_asked_for() -> None:
    assert embedder() is None
    with pytest.raises(InvalidInput, match="KSTOCK_EMBEDDING__API_KEY"):
        embedder(embedding={"model": "gemini"})
    with pytest.raises(InvalidInput, match="KSTOCK_EMBEDDING__API_KEY"):
        embedder(embedding={"model": "gemini"}, chat={"model": "openai", "api_key": "of-another-service"})


def test_the_key_of_the_chat_serves_where_it_is_of_the_same_service() -> None:
    built = embedder(embedding={"model": "gemini", "dimension": 512}, chat={"model": "gemini", "api_key": "k"})
    assert built is not None
    assert (built.name, built.dimension) == ("gemini-embedding-001", 512)


def test_without_a_key_no_sdk_is_loaded() -> None:
    code = "import sys, servers.chat.llm.registry; sys.exit(any(name.startswith('google.genai') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
