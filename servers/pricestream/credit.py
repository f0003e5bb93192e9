"""Credit of one stream: how many written bytes the client has not yet said to have processed."""

_MARKS = 64


class CreditWindow:
    """Counts bytes from a write to its acknowledgement.

    Marks are kept at most every 1/64 of the credit, so that a client that never acknowledges costs a few kilobytes however
    small its responses are; an acknowledgement returns everything up to the newest mark it covers.

    Args:
        size: Bytes that may be on the way; 0 means no limit and no counting.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._sent = 0
        self._returned = 0
        self._marks: list[tuple[int, int]] = []  # stream_seq, bytes sent up to and including it

    @property
    def unacknowledged(self) -> int:
        """Bytes on the way."""
        return self._sent - self._returned

    @property
    def remaining(self) -> int | None:
        """Bytes that may still be written; None without credit flow."""
        return max(0, self._size - self.unacknowledged) if self._size else None

    @property
    def exhausted(self) -> bool:
        """Whether writing has to wait for the client."""
        return bool(self._size) and self.unacknowledged >= self._size

    def sent(self, stream_seq: int, size: int) -> None:
        """Note a response that was written."""
        if not self._size:
            return
        self._sent += size
        previous = self._marks[-2][1] if len(self._marks) > 1 else self._returned
        if self._marks and self._marks[-1][1] - previous < self._size // _MARKS:
            self._marks[-1] = (stream_seq, self._sent)
        else:
            self._marks.append((stream_seq, self._sent))

    def acknowledge(self, stream_seq: int) -> int:
        """Return credit for everything up to `stream_seq`; how many bytes that freed."""
        covered = 0
        for mark_seq, _ in self._marks:
            if mark_seq > stream_seq:
                break
            covered += 1
        if not covered:
            return 0
        freed = self._marks[covered - 1][1] - self._returned
        self._returned += freed
        del self._marks[:covered]
        return freed
