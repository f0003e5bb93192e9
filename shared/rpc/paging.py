"""Pages of a list: sizes, and opaque tokens that are bound to the query they continue.

A token holds the key of the last row of its page (keyset paging) and a fingerprint of the request without its paging fields.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from google.protobuf.message import Message

from shared.market.errors import InvalidInput
from shared.rpc.request_check import MAX_PAGE_SIZE

DEFAULT_PAGE_SIZE = 50

Cursor = tuple[int | float | str, ...]
"""Sort key of the last row of a page."""

_PAGING_FIELDS = ("page_size", "page_token")
_FINGERPRINT_BYTES = 8


def page_size(request: Message) -> int:
    """Rows per page that the request asks for, 1 to 500; 0 means 50.

    Raises:
        InvalidInput: If `page_size` is out of range.
    """
    size = int(getattr(request, "page_size"))  # noqa: B009  # every paged request has it, no common type says so
    if not 0 <= size <= MAX_PAGE_SIZE:
        raise InvalidInput("page_size", f"is {size}; 1 to {MAX_PAGE_SIZE} are possible, 0 means the default")
    return size or DEFAULT_PAGE_SIZE


def next_page_token(request: Message, cursor: Cursor) -> str:
    """A token that continues this query after the row with the sort key `cursor`."""
    packed = json.dumps([_fingerprint(request), *cursor], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(packed.encode()).rstrip(b"=").decode()


def page_cursor(request: Message, key_types: tuple[type, ...]) -> Cursor | None:
    """The sort key after which the asked page begins; None for the first page.

    Args:
        request: Any request with `page_token`.
        key_types: Types of the parts of the sort key, as given to `next_page_token`.

    Raises:
        InvalidInput: If the token is not one of this query's.
    """
    token = str(getattr(request, "page_token"))  # noqa: B009
    if not token:
        return None
    fingerprint, *cursor = _unpack(token)
    if fingerprint != _fingerprint(request) or tuple(map(type, cursor)) != key_types:
        raise InvalidInput("page_token", "belongs to another query; begin again without it")
    return tuple(cursor)


def _unpack(token: str) -> list[int | float | str]:
    try:
        parts = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidInput("page_token", "is not a token of this server; begin again without it") from error
    if not isinstance(parts, list) or not parts:
        raise InvalidInput("page_token", "is not a token of this server; begin again without it")
    return parts


def _fingerprint(request: Message) -> str:
    query = type(request)()
    query.CopyFrom(request)
    for field in _PAGING_FIELDS:
        query.ClearField(field)
    return blake2b(query.SerializeToString(deterministic=True), digest_size=_FINGERPRINT_BYTES).hexdigest()
