"""Fields in which 0 is a real value: absent is not 0."""

from google.protobuf.message import Message


def optional_int(message: Message, field: str) -> int | None:
    """The integer in an `optional` field; None when it is absent."""
    return int(getattr(message, field)) if message.HasField(field) else None
