"""Words of the field in code and docs: no invented ones, "if" for conditions, one word for each of the loop's things."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from .import_graph import REPOSITORY, tracked

INVENTED = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    r"(?i:desks?|tall(?:y|ies|ied)|settl(?:e[sd]?|ing)|glances?|lane[sd]?|blind|late[ _]?iterations?)(?![a-z])"
)
"""Each has a word that readers know: service, count, stable, look, side, an iteration that is due, a rule that did not run."""

CONDITION = re.compile(
    r"""(?:\bNone|""|\bempty|\bTrue|\bFalse|[;,] \d|[dD]efaults?|\bnone|\bnothing|\bonly|\boptional) where\b"""
    r"""|\b[wW]here (?:there (?:is|are|was|were) (?:no|none|nothing)|nothing|none|no \w+ (?:is|are)|possible|missing|left out"""
    r"""|None|empty|(?:it|that) is (?:not )?known)\b"""
)
IS_A_PLACE = {
    "0 where it is kept, 1 where it is new": "weights by position",
    "with seams only where windows join": "a place in the video",
}

WRONG_THING = {
    r"\biteration(?:s? \d| `|s? \{)": ("schedule", "checkpoints", "loop_control"),  # what lies in a plan or on disk is a window
    r"\bsegments?\b(?! files?\b)(?<!`segment)": ("checkpoints", "loop_control", "nodes"),  # a segment is a file
}


def prose_of(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each line of a comment or docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.lstrip("rR").startswith('"""')):
            yield from enumerate(token.string.split("\n"), token.start[0])


def openings_of(source: str) -> Iterator[tuple[int, str]]:
    """(line, first line) of each docstring, those of names among them."""
    for node in ast.walk(ast.parse(source)):
        for each in getattr(node, "body", []) if isinstance(getattr(node, "body", []), list) else []:
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
                yield each.lineno, each.value.value.strip().split("\n")[0]


def faults(path: Path, text: str) -> list[str]:
    """What is wrong with the words of a file, a line each."""
    found = [
        f"{path}:{text.count(chr(10), 0, hit.start()) + 1} {hit[0]!r} is no word of the field"
        for hit in INVENTED.finditer(text)
    ]
    prose = list(prose_of(text)) if path.suffix == ".py" else list(enumerate(text.split("\n"), 1))
    for line, said in prose:
        if CONDITION.search(said) and not any(place in said for place in IS_A_PLACE):
            found.append(f"{path}:{line} says 'where' and means 'if': {said.strip()}")
        for wrong, rooms in WRONG_THING.items():
            if path.parts[0] in rooms and re.search(wrong, said):
                found.append(f"{path}:{line} takes one of window, iteration and segment for another: {said.strip()}")
    if path.suffix == ".py" and path.parts[0] != "tests":
        openings = openings_of(text)
        found += [
            f"{path}:{line} opens with 'What', not with a noun: {said}" for line, said in openings if said.startswith("What ")
        ]
    return found


def read() -> list[Path]:
    """All code and docs but this file, which has to name the words."""
    docs = [path.relative_to(REPOSITORY) for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")]]
    web = [path.relative_to(REPOSITORY) for path in REPOSITORY.glob("web/*.mjs")]
    return [path for path in [*tracked(), *docs, *web] if path.name != Path(__file__).name]


def test_code_and_docs_use_words_of_the_field():
    assert [fault for path in read() for fault in faults(path, (REPOSITORY / path).read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("nodes/a.py", "class CheckpointDesk:\n    pass\n", "'Desk' is no word"),
        ("nodes/a.py", "late_iteration = 1\n", "'late_iteration' is no word"),
        ("docs/a.md", "Files that have settled.", "'settled' is no word"),
        ("audio/a.py", '"""The rate; None where it is missing."""\n', "means 'if'"),
        ("audio/a.py", "# Cut where nothing is left.\n", "means 'if'"),
        ("audio/a.py", 'def of():\n    """What it is."""\n', "opens with 'What'"),
        ("audio/a.py", 'A = 1\n"""What it is."""\n', "opens with 'What'"),
        ("schedule/a.py", "# iteration 7 is not kept\n", "window, iteration and segment"),
        ("checkpoints/a.py", '"""The finished segments of a run."""\n', "window, iteration and segment"),
    ],
)
def test_other_words_are_found(path, text, told):
    (fault,) = faults(Path(path), text)
    assert told in fault


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("audio/a.py", '"""Weights in planes: 0 where it is kept, 1 where it is new."""\n'),
        ("checkpoints/a.py", '"""Where a segment file lies, and which windows are in segment files."""\n'),
        ("loop_engine/a.py", '"""Iteration 7 makes window 7."""\n'),
    ],
)
def test_words_of_the_field_pass(path, text):
    assert faults(Path(path), text) == []
