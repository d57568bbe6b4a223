"""Texts in JavaScript files: string literals and templates with the tag in front of them, read by a small lexer."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REGEX_MAY_FOLLOW = re.compile(r"(?:^|[(,=:\[!&|?{};+>]|\breturn)\s*$")
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_NAME_IN_FRONT = re.compile(r"[\w$.]+$")
_CALL_IN_FRONT = re.compile(r"([\w$.]+)\($")


@dataclass(frozen=True)
class Text:
    """A literal: its text with {0}, {1} ... for values; tag and function whose first argument it is, or ""; line from 1."""

    text: str
    tag: str
    call: str
    line: int


def _unescaped(text: str) -> str:
    def meant(match: re.Match[str]) -> str:
        escaped = match[1]
        return chr(int(escaped[1:], 16)) if len(escaped) > 1 else {"n": "\n", "t": "\t"}.get(escaped, escaped)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", meant, text, flags=re.DOTALL)


def texts_of(source: str) -> list[Text]:
    """Every literal of a file, those inside the values of templates too."""
    found: list[Text] = []
    _read(source, 0, found, "")
    return sorted(found, key=lambda each: each.line)


def _read(source: str, at: int, found: list[Text], until: str) -> int:
    """Reads code from a place on, to its end or behind the brace that closes a template's value; gives the place."""
    depth = 0
    while at < len(source):
        letter, two = source[at], source[at : at + 2]
        if two in ("//", "/*"):
            end = source.find("\n" if two == "//" else "*/", at)
            at = len(source) if end < 0 else end + (1 if two == "//" else 2)
        elif letter == "/" and _REGEX_MAY_FOLLOW.search(source[max(0, at - 200) : at]):
            at += len(_REGEX.match(source, at)[0])
        elif letter in "\"'":
            end = at + 1
            while source[end] != letter:
                end += 2 if source[end] == "\\" else 1
            found.append(_text(source, at, source[at + 1 : end], ""))
            at = end + 1
        elif letter == "`":
            at = _template(source, at, found)
        elif letter == "}" and depth == 0 and until:
            return at + 1
        else:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            at += 1
    return at


def _template(source: str, start: int, found: list[Text]) -> int:
    at, text, holes = start + 1, "", 0
    while source[at] != "`":
        if source[at] == "\\":
            text, at = text + source[at : at + 2], at + 2
        elif source[at : at + 2] == "${":
            text, holes = f"{text}{{{holes}}}", holes + 1
            at = _read(source, at + 2, found, "}")
        else:
            text, at = text + source[at], at + 1
    name = _NAME_IN_FRONT.search(source[max(0, start - 60) : start])
    found.append(_text(source, start, text, "" if name is None or name[0] == "return" else name[0]))
    return at + 1


def _text(source: str, at: int, text: str, tag: str) -> Text:
    call = _CALL_IN_FRONT.search(source[max(0, at - 60) : at])
    return Text(_unescaped(text), tag, "" if call is None else call[1], source.count("\n", 0, at) + 1)
