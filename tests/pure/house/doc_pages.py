"""The pages that people read, as text with places: prose, code spans and blocks of code, each with its file and line."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from .import_graph import REPOSITORY

ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) ")


@dataclass(frozen=True)
class DocPage:
    """A page, its path inside the repository with slashes, and its text."""

    name: str
    text: str

    def place(self, position: int) -> str:
        """`file:line` of a position in the text."""
        return f"{self.name}:{self.text.count(chr(10), 0, position) + 1}"


@dataclass(frozen=True)
class CodeBlock:
    """Indented or fenced lines: where they begin, the fence's language ("" if none), the lines and the mark before them."""

    place: str
    language: str
    lines: tuple[str, ...]
    mark: str


@functools.cache
def listed(*patterns: str) -> tuple[str, ...]:
    """Files that git knows or would add, with slashes."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(sorted({name for name in names if name and (REPOSITORY / name).exists()}))


@functools.cache
def pages() -> tuple[DocPage, ...]:
    """README, CONTRIBUTING, AGENTS, CHANGELOG and the like, docs/ and the help of nodes."""
    names = [name for name in listed("*.md") if name.startswith(("docs/", "web/docs/")) or "/" not in name]
    return tuple(DocPage(name, (REPOSITORY / name).read_text("utf-8")) for name in names)


def without_blocks(page: DocPage) -> str:
    """Text of the same length in which blocks of code are spaces."""
    text = re.sub(r"(?ms)^```.*?^```", lambda block: re.sub(r"[^\n]", " ", block[0]), page.text)
    lines = text.split("\n")
    for first, count in _indented(lines):
        lines[first : first + count] = [" " * len(line) for line in lines[first : first + count]]
    return "\n".join(lines)


def prose(page: DocPage) -> str:
    """Text of the same length in which blocks of code and code spans are spaces."""
    return re.sub(r"`[^`]*`", lambda span: re.sub(r"[^\n]", " ", span[0]), without_blocks(page))


def code_spans(page: DocPage) -> Iterator[tuple[str, str]]:
    """(place, text) of what stands in backticks."""
    for span in re.finditer(r"`([^`]+)`", without_blocks(page)):
        yield page.place(span.start()), re.sub(r"\s+", " ", span[1])


def code_blocks(page: DocPage) -> Iterator[CodeBlock]:
    """Blocks of code, indented and fenced, in their order."""
    lines = page.text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.startswith("```")]
    for first, last in zip(fences[::2], fences[1::2], strict=True):
        yield _block(page, lines, first, lines[first][3:].strip(), tuple(lines[first + 1 : last]))
    inside = {number for first, last in zip(fences[::2], fences[1::2], strict=True) for number in range(first, last + 1)}
    outside = ["" if number in inside else line for number, line in enumerate(lines)]
    for first, count in _indented(outside):
        yield _block(page, lines, first, "", tuple(line[4:] for line in lines[first : first + count]))


def _block(page: DocPage, lines: list[str], first: int, language: str, code: tuple[str, ...]) -> CodeBlock:
    before = first - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    mark = re.fullmatch(r"<!-- (.+) -->", lines[before].strip()) if before >= 0 else None
    return CodeBlock(f"{page.name}:{first + 1}", language, code, mark[1] if mark else "")


def _indented(lines: list[str]) -> Iterator[tuple[int, int]]:
    """(first, count) of lines that Markdown shows as code: four spaces, an empty line before, no list above."""
    number, in_list = 0, False
    while number < len(lines):
        line = lines[number]
        if line.strip() and not line.startswith(" "):
            in_list = bool(ITEM.match(line))
        fresh = number == 0 or not lines[number - 1].strip()
        if line.startswith("    ") and line.strip() and fresh and not in_list:
            first = number
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number].strip()):
                number += 1
            last = number
            while not lines[last - 1].strip():
                last -= 1
            yield first, last - first
        else:
            number += 1
