"""From settings to a model. Adapters are loaded only when they are chosen: the Gemini SDK alone takes a second."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

from servers.chat.llm.budget import Budget, Prices, caps_of, prices_of
from servers.chat.llm.headlines import ModelHeadlineJudge
from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.patient_embedder import PatientEmbedder
from servers.chat.llm.port import Model
from servers.chat.llm.resilient import Patience, ResilientModel
from servers.chat.retrieval.embedding import Embedder
from shared.clock import Clock
from shared.config import ChatSettings, Settings
from shared.market.errors import InvalidInput


def _gemini(settings: ChatSettings) -> Model:
    adapter = import_module("servers.chat.llm.gemini")
    model: Model = adapter.GeminiModel(
        api_key=_key(settings),
        name=settings.model_name or adapter.DEFAULT_NAME,
        base_url=settings.base_url,
        timeout=settings.turn_timeout,
    )
    return model


def _openai(settings: ChatSettings) -> Model:
    adapter = import_module("servers.chat.llm.openai_compatible")
    if not settings.base_url:
        raise InvalidInput("KSTOCK_CHAT__BASE_URL", "is needed for model openai, e.g. http://127.0.0.1:8000/v1")
    if not settings.model_name:
        raise InvalidInput("KSTOCK_CHAT__MODEL_NAME", "is needed for model openai: the name that the endpoint knows")
    model: Model = adapter.OpenAiCompatibleModel(
        api_key=settings.api_key.get_secret_value() if settings.api_key else "",
        name=settings.model_name,
        base_url=settings.base_url,
        timeout=settings.turn_timeout,
    )
    return model


MODELS: Mapping[str, Callable[[ChatSettings], Model]] = {"gemini": _gemini, "openai": _openai}
"""What `KSTOCK_CHAT__MODEL` may name besides `none`."""


def build_model(settings: ChatSettings, clock: Clock, rng: random.Random) -> Model | None:
    """The model that the settings choose, with its patience; None for `none`.

    Raises:
        InvalidInput: A setting that the chosen model needs is missing.
    """
    if settings.model == "none":
        return None
    patience = Patience(
        first_event=settings.first_token_timeout, silence=settings.silence_timeout, turn=settings.turn_timeout
    )
    return ResilientModel(MODELS[settings.model](settings), clock, patience=patience, rng=rng)


def build_headline_judge(
    settings: Settings, ledger: UsageLedger, clock: Clock, rng: random.Random
) -> ModelHeadlineJudge | None:
    """Who judges headlines beside the lexicon; None where the settings name nobody.

    Raises:
        InvalidInput: A model is to judge, but none is chosen.
    """
    if settings.scanner.headlines == "lexicon":
        return None
    model = build_model(settings.chat, clock, rng)
    if model is None:
        raise InvalidInput("KSTOCK_SCANNER__HEADLINES", "model needs KSTOCK_CHAT__MODEL=gemini or openai")
    budget = Budget(ledger, clock, caps=caps_of(settings.chat), prices=prices_of(settings.chat))
    return ModelHeadlineJudge(model, budget)


def build_embedder(settings: Settings, ledger: UsageLedger, clock: Clock) -> Embedder | None:
    """The embedding model that the settings choose, within its limits; None for `none`.

    Raises:
        InvalidInput: Its key is missing.
    """
    wanted, chat = settings.embedding, settings.chat
    if wanted.model == "none":
        return None
    adapter = import_module("servers.chat.llm.gemini_embedder")
    same = chat.model == "gemini"
    key = wanted.api_key or (chat.api_key if same else None)
    if key is None or not key.get_secret_value():
        raise InvalidInput("KSTOCK_EMBEDDING__API_KEY", "is needed for model gemini; none searches by words alone")
    model = adapter.EmbeddingModel(
        name=wanted.model_name or adapter.DEFAULT_NAME, dimension=wanted.dimension, close=wanted.close_from
    )
    base_url = wanted.base_url or (chat.base_url if same else None)
    embedder: Embedder = adapter.GeminiEmbedder(model, api_key=key.get_secret_value(), base_url=base_url)
    caps = replace(caps_of(chat), user_tokens=wanted.tokens_per_day, user_micro_usd=None)
    budget = Budget(ledger, clock, caps=caps, prices=Prices(input_usd=wanted.usd_per_million))
    return PatientEmbedder(embedder, budget, clock)


def _key(settings: ChatSettings) -> str:
    if settings.api_key is None or not settings.api_key.get_secret_value():
        raise InvalidInput(
            "KSTOCK_CHAT__API_KEY", "is needed for model gemini; the data-only chat needs KSTOCK_CHAT__MODEL=none"
        )
    return settings.api_key.get_secret_value()
