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
    r"""|\b(?:itself|given|fewer|latest|also|even|know[sn]?|and all) where\b"""
    r"""|(?:[,;]|\b(?:one|or|value|input|name)) where (?:it|they|there|that|the|an?|no|nothing|nobody|its|this) """
    r"""|(?<![`'])\bWhere [^.:,]*, (?:the|it|its|they|each|all|nothing|that|then|no|an?)\b"""
)
IS_A_PLACE = {
    "0 where it is kept, 1 where it is new": "weights by position",
    "with seams only where windows join": "a place in the video",
    "where the newest lies": "a folder",
    "where the pure code meets ComfyUI": "a place in the code",
    "where the browser takes": "the browser",
    "2.0, where a line": "a canvas",
}

PLANNED = ("schedule", "checkpoints", "loop_control")
ITERATION = re.compile(r"\biteration(?:s? \d| `| \{| %d)")
"""Anywhere in rooms of what is planned or on disk, messages included: that is a window. Iterations are passes of the loop."""
SEGMENT = re.compile(r"\bsegments?\b(?! files?\b)(?<!`segment)")
"""In prose: a segment is the file of one take, no window and no take."""


def prose_of(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each line of a comment or docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.lstrip("rR").startswith('"""')):
            yield from enumerate(token.string.split("\n"), token.start[0])


def openings_of(source: str) -> Iterator[tuple[int, str]]:
    """(line, first line) of each docstring, those of names among them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value.strip().split("\n")[0]


def faults(path: Path, text: str) -> list[str]:
    """The wrong words of a file, a line each."""
    lines = list(enumerate(text.split("\n"), 1))
    prose = list(prose_of(text)) if path.suffix == ".py" else lines
    opened = openings_of(text) if path.suffix == ".py" and path.parts[0] != "tests" else ()
    conditions = [(line, said) for line, said in prose if CONDITION.search(said)]
    confused = [(line, said) for line, said in lines if path.parts[0] in PLANNED and ITERATION.search(said)]
    confused += [(line, said) for line, said in prose if path.parts[0] in PLANNED and SEGMENT.search(said)]
    return [
        *(f"{path}:{line} {word[0]!r} is no word of the field" for line, said in lines for word in INVENTED.finditer(said)),
        *(f"{path}:{line} says 'where' and means 'if': {said}" for line, said in conditions if not is_a_place(said)),
        *(f"{path}:{line} takes one of window, iteration and segment for another: {said}" for line, said in confused),
        *(f"{path}:{line} opens with 'What', not with a noun: {said}" for line, said in opened if said.startswith("What ")),
    ]


def is_a_place(said: str) -> bool:
    """Whether "where" is meant as it is said."""
    return any(place in said for place in IS_A_PLACE)


def read() -> list[Path]:
    """All code and docs but this file, which has to name the words."""
    docs = [path.relative_to(REPOSITORY) for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")]]
    web = [path.relative_to(REPOSITORY) for path in REPOSITORY.glob("web/*.mjs")]
    return [path for path in [*tracked(), *docs, *web] if path.name != Path(__file__).name]


def test_code_and_docs_use_words_of_the_field():
    assert [fault for path in read() for fault in faults(path, (REPOSITORY / path).read_text("utf-8"))] == []


def test_each_place_that_is_allowed_exists():
    texts = [(REPOSITORY / path).read_text("utf-8") for path in read()]
    assert [place for place in IS_A_PLACE if not any(place in text for text in texts)] == []


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("nodes/a.py", "class CheckpointDesk:\n    pass\n", "'Desk' is no word"),
        ("nodes/a.py", "late_iteration = 1\n", "'late_iteration' is no word"),
        ("docs/a.md", "Files that have settled.", "'settled' is no word"),
        ("audio/a.py", '"""The rate; None where it is missing."""\n', "means 'if'"),
        ("audio/a.py", "# Cut where nothing is left.\n", "means 'if'"),
        ("audio/a.py", "# Where a node stands alone, it goes.\n", "means 'if'"),
        ("audio/a.py", 'def of():\n    """What it is."""\n', "opens with 'What'"),
        ("audio/a.py", 'A = 1\n"""What it is."""\n', "opens with 'What'"),
        ("schedule/a.py", "# iteration 7 is not kept\n", "window, iteration and segment"),
        ("checkpoints/a.py", 'log.info(f"iteration {index} is not kept")\n', "window, iteration and segment"),
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
