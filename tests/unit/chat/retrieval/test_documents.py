from dataclasses import replace
from datetime import UTC, datetime

from servers.chat.knowledge.glossary import Glossary
from servers.chat.retrieval.document import DocumentKind
from servers.chat.retrieval.packaged_documents import packaged_documents
from servers.chat.retrieval.signal_documents import event_document
from shared.market.language import Language
from shared.market.signal import Grade, Signal, SignalChange, SignalEvent, SignalState
from tests.fixtures.candidates import make_candidate

OPENED = datetime(2026, 4, 30, 7, tzinfo=UTC)
ENDED = datetime(2026, 5, 8, 7, tzinfo=UTC)
SIGNAL = Signal(
    signal_id="s1",
    revision=1,
    state=SignalState.ACTIVE,
    candidate=make_candidate(cautions=("실적 발표가 가깝습니다",)),
    opened_price_krw=19_300,
    opened_on=make_candidate().as_of,
    plan_on=make_candidate().as_of,
    opened_time=OPENED,
    updated_time=OPENED,
)


def test_a_new_signal_tells_its_reasons_and_cautions() -> None:
    document = event_document(SignalEvent(event_id=1, change=SignalChange.OPENED, signal=SIGNAL, time=OPENED))
    assert "삼성전자(005930)" in document.title
    assert "신규" in document.title
    assert "A등급 70.5점" in document.title
    assert "변동성 수축 3회" in document.text
    assert "실적 발표" in document.text
    assert (document.publish_time, document.tickers, document.group) == (OPENED, ("005930",), "signal:s1")


def test_a_grade_change_and_an_end_are_named() -> None:
    regraded = replace(SIGNAL, revision=2, previous_grade=Grade.B)
    assert "등급 변경" in event_document(_event(SignalChange.REVISED, regraded)).title
    ended = replace(SIGNAL, revision=3, state=SignalState.CLOSED, close_reason="STOP", closed_time=ENDED, updated_time=ENDED)
    document = event_document(_event(SignalChange.CLOSED, ended))
    assert "종료" in document.title
    assert "손절 기준에 닿아" in document.text
    assert document.publish_time == ENDED


def test_every_explanation_and_help_text_is_there_in_both_languages() -> None:
    documents = packaged_documents(Glossary.load())
    for kind in (DocumentKind.DEFINITION, DocumentKind.HELP):
        ids = {language: set() for language in Language}
        for document in documents:
            if document.kind is kind:
                ids[document.language].add(document.document_id.rpartition(":")[0])
        assert ids[Language.KO] == ids[Language.EN]
        assert len(ids[Language.KO]) >= 10
    assert all(document.publish_time is None and document.text for document in documents)


def _event(change: SignalChange, signal: Signal) -> SignalEvent:
    return SignalEvent(event_id=2, change=change, signal=signal, time=signal.updated_time)
