from datetime import timedelta

from servers.chat.retrieval.document import DocumentKind
from servers.chat.retrieval.postings import merge_segments
from shared.market.language import Language
from tests.fixtures.documents import NOW, add, corpus_of, make_document, titles


def test_rare_words_count_more_than_common_ones() -> None:
    common = [make_document(f"실적 발표 {number}") for number in range(20)]
    found = titles(corpus_of(*common, make_document("수주 발표")).snapshot(), "수주 실적")
    assert found[0] == "수주 발표"
    assert len(found) == 10


def test_what_matches_nothing_is_not_found() -> None:
    snapshot = corpus_of(make_document("수주 공시")).snapshot()
    assert titles(snapshot, "금리") == []
    assert titles(snapshot, "") == []
    assert titles(corpus_of().snapshot(), "수주") == []


def test_of_equal_matches_the_newer_comes_first() -> None:
    old = make_document("수주 공시", document_id="a", publish_time=NOW - timedelta(days=9))
    new = make_document("공시 수주", document_id="b")
    assert titles(corpus_of(new, old).snapshot(), "수주 공시") == ["공시 수주", "수주 공시"]


def test_nothing_published_later_is_found() -> None:
    snapshot = corpus_of(
        make_document("수주 공시", publish_time=NOW), make_document("수주 취소", publish_time=NOW)
    ).snapshot()
    assert titles(snapshot, "수주", until=NOW - timedelta(microseconds=1)) == []
    assert len(titles(snapshot, "수주", until=NOW)) == 2


def test_nothing_older_than_wished_is_found() -> None:
    old = make_document("수주 옛날", publish_time=NOW - timedelta(days=30))
    timeless = make_document("수주 뜻", publish_time=None)
    snapshot = corpus_of(old, timeless, make_document("수주 공시")).snapshot()
    assert titles(snapshot, "수주", since=NOW - timedelta(days=1)) == ["수주 공시"]


def test_a_ticker_narrows_to_documents_about_it() -> None:
    both = make_document("조선 수주", "042660", "329180")
    snapshot = corpus_of(both, make_document("반도체 수주", "005930"), make_document("시장 수주")).snapshot()
    assert titles(snapshot, "수주", tickers=("329180",)) == ["조선 수주"]
    assert titles(snapshot, "수주", tickers=("000020",)) == []
    assert set(titles(snapshot, "수주", tickers=("329180", "005930"))) == {"조선 수주", "반도체 수주"}


def test_kinds_narrow_too() -> None:
    term = make_document("수주 잔고", kind=DocumentKind.DEFINITION, publish_time=None)
    snapshot = corpus_of(term, make_document("수주 공시")).snapshot()
    assert titles(snapshot, "수주", kinds=frozenset({DocumentKind.DEFINITION})) == ["수주 잔고"]


def test_explanations_come_in_the_language_wished_for_and_headlines_as_they_are() -> None:
    korean = make_document("VCP 뜻", kind=DocumentKind.DEFINITION)
    english = make_document("VCP meaning", kind=DocumentKind.DEFINITION, language=Language.EN)
    snapshot = corpus_of(korean, english, make_document("VCP 소식")).snapshot()
    assert set(titles(snapshot, "VCP", language=Language.EN)) == {"VCP meaning", "VCP 소식"}


def test_a_changed_document_replaces_the_old_one() -> None:
    corpus = corpus_of(make_document("수주 공시", document_id="a"))
    before = corpus.snapshot()
    add(corpus, make_document("수주 공시", "042660", document_id="a"))
    assert titles(corpus.snapshot(), "수주") == ["수주 공시"]
    assert titles(corpus.snapshot(), "수주", tickers=("042660",)) == ["수주 공시"]
    assert titles(before, "수주", tickers=("042660",)) == []


def test_a_known_document_is_not_added_again() -> None:
    corpus = corpus_of(make_document("수주 공시"))
    assert corpus.unknown([make_document("수주 공시")]) == []


def test_only_the_newest_known_version_of_a_story_is_found() -> None:
    opened = make_document("신호 신규 거래량", document_id="s:1", group="s", publish_time=NOW - timedelta(days=3))
    ended = make_document("신호 종료", document_id="s:2", group="s", publish_time=NOW - timedelta(days=1))
    snapshot = corpus_of(opened, ended).snapshot()
    assert titles(snapshot, "거래량") == ["신호 종료"]
    assert titles(snapshot, "신호", until=NOW - timedelta(days=2)) == ["신호 신규 거래량"]


def test_documents_can_be_found_before_and_after_their_segments_are_merged() -> None:
    corpus = corpus_of()
    for number in range(40):
        add(corpus, make_document(f"소식 {number}"))
    before = {number: titles(corpus.snapshot(), f"소식 {number}") for number in range(40)}
    while small := corpus.mergeable():
        corpus.replace_segments(small, merge_segments(small))
    assert len(corpus.snapshot().segments) == 1
    assert {number: titles(corpus.snapshot(), f"소식 {number}") for number in range(40)} == before
    assert all(found[0] == f"소식 {number}" for number, found in before.items())
