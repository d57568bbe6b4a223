"""Every private symbol of ComfyUI is taken out of it by a test, and that test names it."""

from __future__ import annotations

import ast
import re

import pytest

from audio_loop.compatibility.private import PRIVATE

from ...hidden_symbols import HIDDEN_BY
from .import_graph import REPOSITORY


def test_every_row_of_the_table_is_hidden_by_a_test():
    hidden = {place for places in HIDDEN_BY.values() for place in places}
    assert {row.places[0] for row in PRIVATE} - hidden == set(), "hide it in a test, and name that in tests/hidden_symbols.py"
    assert hidden - {row.places[0] for row in PRIVATE} == set()
    assert [test for test, places in HIDDEN_BY.items() if not places] == []


def words_of(source, name):
    """The text of a function with its decorators, and of the module's own values that it names, and those that they name."""
    tree = ast.parse(source)
    values = {
        target.id: node
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    (found,) = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name]
    seen, waiting = {}, [found]
    while waiting:
        node = waiting.pop()
        seen[id(node)] = ast.unparse(node)
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        waiting += [values[each] for each in names & values.keys() if id(values[each]) not in seen]
    return "\n".join(seen.values())


def unnamed(source, name, places):
    """The places that a test neither takes from the table of hidden symbols nor names itself."""
    text = words_of(source, name)
    if f"hidden_by('{name}')" in text:
        return []
    return [place for place in places if not re.search(rf"['.]{re.split('[.:/]', place)[-1]}\b", text)]


@pytest.mark.parametrize("test", HIDDEN_BY)
def test_the_test_is_there_and_hides_them(test):
    file, _, name = test.partition("::")
    assert unnamed((REPOSITORY / "tests" / file).read_text("utf-8"), name, HIDDEN_BY[test]) == []


SOURCE = """
NAMES = ["one", "two"]

@parametrize(NAMES)
def test_of_names(name): hide(name)

def test_of_one(): delattr(Thing, "one")

@parametrize(hidden_by("test_of_the_table"))
def test_of_the_table(place): hide(place)
"""


@pytest.mark.parametrize(
    ("name", "left"), [("test_of_names", ["m:three"]), ("test_of_one", ["m:A.two", "m:three"]), ("test_of_the_table", [])]
)
def test_a_place_that_a_test_does_not_name_is_found(name, left):
    assert unnamed(SOURCE, name, ["m:f/one", "m:A.two", "m:three"]) == left


def test_a_test_that_is_gone_is_found():
    with pytest.raises(ValueError, match="not enough values"):
        unnamed(SOURCE, "test_of_later", [])
