"""A model's text as it may be read and shown: plain characters and digits, no markup, no mentions, no stray links."""

import html
import re
import unicodedata
from collections.abc import Collection

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_TILDES = dict.fromkeys(map(ord, "～〜∼"), "~")
_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "
)
_SIGNS = {
    ord("％"): "%",
    ord("，"): ",",
    ord("．"): ".",
    ord("："): ":",
    ord("／"): "/",
    ord("＋"): "+",
    ord("￦"): "₩",
    ord("﹪"): "%",
}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
_TABLE = _DASHES | _TILDES | _SPACES | _FULL_WIDTH | _SIGNS
_CIRCLED = re.compile(r"[①-⑳]")
_DROPPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})
_ODD = re.compile(r"[^\n\t -~가-힣]")
_NUMERIC = frozenset({"Nd", "No", "Nl"})
_MARKS = re.compile(r"\*\*|__|~~|`+|^[ \t]{0,3}#{1,6}[ \t]+|^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[*•·▪◦‣][ \t]+", re.MULTILINE)
_IMAGE_OR_LINK = re.compile(r"!?\[(?P<label>[^\]\n]*)\]\((?P<address>[^)\n]*)\)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<[@#!:][^<>\n]{0,80}>")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\bjavascript:|\bdata:)[^\s<>()\[\]\"'，。]+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(
    r"(?<![\w@.])(?:[a-z0-9-]{2,}\.)+(?:com|net|org|io|kr|co|me|xyz|info|ai|app|dev|ly|gg|tv|cc|top|site|link|click)(?:/[^\s<>()\[\]\"']*)?(?![\w])",
    re.IGNORECASE,
)
_MENTION = re.compile(r"[@＠](?=[\w가-힣])")
_GAPS = re.compile(r"[ \t]{2,}")


def clean(text: str) -> str:
    """One form of a text: composed, digits of every script as 0-9, no invisible characters, no markup.

    Digits may arrive in scripts that readers take for others, with invisible characters between them, or as HTML; what is
    checked must be what is read.
    """
    composed = unicodedata.normalize("NFC", html.unescape(text)).translate(_TABLE)
    listed = _CIRCLED.sub(lambda match: f"({ord(match[0]) - ord('①') + 1})", composed)
    visible = _ODD.sub(lambda match: _visible(match[0]), listed)
    return _MARKS.sub("", _BULLET.sub("- ", visible))


def without_addresses(text: str, allowed: Collection[str]) -> str:
    """A cleaned text without mentions, tags and links but those in `allowed`; the label of a link stays."""
    plain = _IMAGE_OR_LINK.sub(lambda match: match[0] if match["address"] in allowed else match["label"], text)
    plain = _TAG.sub("", plain)
    for pattern in (_ADDRESS, _BARE_ADDRESS):
        plain = pattern.sub(lambda match: match[0] if match[0].rstrip(".,;:") in allowed else "", plain)
    return _GAPS.sub(" ", _MENTION.sub("", plain))


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character in "\n\t" else ""
    category = unicodedata.category(character)
    if category in _NUMERIC:
        return _digits(character)
    return "" if category in _DROPPED else character


def _digits(character: str) -> str:
    """A digit, a fraction or a Roman numeral in plain characters."""
    plain = unicodedata.normalize("NFKC", character).replace("\u2044", "/")
    if plain.isascii():
        return plain
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
