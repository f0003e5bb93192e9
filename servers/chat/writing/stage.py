"""What the reader sees of the prose while it grows: pieces, and a new beginning when something has to be taken back."""

from collections.abc import Sequence

from kstock.chat.v1 import chat_service_pb2

from servers.chat.desk import Emit


class Stage:
    """Sends prose so that the pieces since the last new beginning are exactly `text`."""

    def __init__(self, emit: Emit, lead: Sequence[str]) -> None:
        """Prepare.

        Args:
            emit: Takes events.
            lead: Lines that come first, whatever follows; sent with the first piece.
        """
        self._emit = emit
        self._lead = "\n".join(lead)
        self._pending = ""
        self._replace = False
        self.text = ""

    async def say(self, piece: str) -> None:
        """Send a piece; white space at its end waits for what follows."""
        words = piece.strip()
        if not words:
            return
        if self.text:
            await self._send(f"{self._pending}{words}")
        else:
            await self._send(f"{self._lead}\n{words}" if self._lead else words)
        self._pending = "\n" if "\n" in piece[len(piece.rstrip()) :] else " "

    async def say_line(self, line: str) -> None:
        """Send a line of its own."""
        self._pending = "\n"
        await self.say(f"{line}\n")

    def begin_anew(self, lead: Sequence[str] | None = None) -> None:
        """Take back what was sent: the next piece replaces it.

        Args:
            lead: Lines that come first from now on; None for the same.
        """
        self._replace = self._replace or bool(self.text)
        self._lead = self._lead if lead is None else "\n".join(lead)
        self.text = ""

    async def _send(self, piece: str) -> None:
        self.text += piece
        delta = chat_service_pb2.TextDelta(text=piece, replace=self._replace)
        self._replace = False
        await self._emit(chat_service_pb2.ConverseResponse(text_delta=delta))
