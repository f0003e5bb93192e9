"""Bytes of bus entries survive the way to Redis and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.base import BusBatch, BusEntry
from shared.bus.wire import pack_batch, pack_value, unpack_batch, unpack_value

texts = st.text(max_size=40)
seqs = st.integers(min_value=0, max_value=2**64 - 1)
chunks = st.binary(max_size=300)
entries = st.builds(lambda topic, seq, chunk: BusEntry(topic=topic, epoch="e1", seq=seq, chunk=chunk), texts, seqs, chunks)


@given(entries)
def test_a_value_comes_back_as_it_was(entry: BusEntry) -> None:
    assert unpack_value(entry.topic, pack_value(entry)) == entry


@given(st.lists(entries, max_size=8))
def test_a_batch_comes_back_as_it_was(some: list[BusEntry]) -> None:
    batch = BusBatch(epoch="e1", entries=tuple(some))
    assert unpack_batch(pack_batch(batch), reload=False) == batch


@given(st.lists(entries, min_size=1, max_size=3), st.data())
def test_a_batch_that_ends_early_is_refused(some: list[BusEntry], data: st.DataObject) -> None:
    packed = pack_batch(BusBatch(epoch="e1", entries=tuple(some)))
    cut = data.draw(st.integers(min_value=0, max_value=len(packed) - 1))
    with pytest.raises(ValueError, match="ends early"):
        unpack_batch(packed[:cut], reload=False)


@given(st.binary(max_size=64))
def test_random_bytes_are_read_or_refused_but_never_crash(data: bytes) -> None:
    try:
        unpack_batch(data, reload=False)
    except ValueError:
        return
