"""Bytes of bus entries as they stand in Redis; the key prefix carries the version of this format."""

import struct

from shared.bus.base import BusBatch, BusEntry

_VALUE = struct.Struct(">HQ")  # length of the epoch, seq
_BATCH = struct.Struct(">HI")  # length of the epoch, number of entries
_ENTRY = struct.Struct(">HQI")  # length of the topic, seq, length of the chunk


def pack_value(entry: BusEntry) -> bytes:
    """One latest value; its topic is the key it is stored under."""
    epoch = entry.epoch.encode()
    return _VALUE.pack(len(epoch), entry.seq) + epoch + entry.chunk


def unpack_value(topic: str, data: bytes) -> BusEntry:
    """Inverse of `pack_value`.

    Raises:
        ValueError: The bytes are no such value.
    """
    reader = _Reader(data)
    epoch_length, seq = reader.fields(_VALUE)
    epoch = reader.take(epoch_length).decode()
    return BusEntry(topic=topic, epoch=epoch, seq=seq, chunk=reader.rest())


def pack_batch(batch: BusBatch) -> bytes:
    """A batch of entries of one epoch; `reload` does not travel."""
    epoch = batch.epoch.encode()
    parts = [_BATCH.pack(len(epoch), len(batch.entries)), epoch]
    for entry in batch.entries:
        topic = entry.topic.encode()
        parts += (_ENTRY.pack(len(topic), entry.seq, len(entry.chunk)), topic, entry.chunk)
    return b"".join(parts)


def unpack_batch(data: bytes, *, reload: bool) -> BusBatch:
    """Inverse of `pack_batch`.

    Raises:
        ValueError: The bytes are no such batch.
    """
    reader = _Reader(data)
    epoch_length, count = reader.fields(_BATCH)
    epoch = reader.take(epoch_length).decode()
    entries = []
    for _ in range(count):
        topic_length, seq, chunk_length = reader.fields(_ENTRY)
        topic = reader.take(topic_length).decode()
        entries.append(BusEntry(topic=topic, epoch=epoch, seq=seq, chunk=reader.take(chunk_length)))
    return BusBatch(epoch=epoch, entries=tuple(entries), reload=reload)


class _Reader:
    """Takes bytes from the front and refuses to run over the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def fields(self, layout: struct.Struct) -> tuple[int, ...]:
        return layout.unpack(self.take(layout.size))

    def take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise ValueError("bus message ends early")
        return self._data[start : self._at]

    def rest(self) -> bytes:
        return self._data[self._at :]
