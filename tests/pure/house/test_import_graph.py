"""No two files import each other, however indirectly, and rooms import only what lies below them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from . import import_graph as reading

GRAPH = reading.import_graph(reading.packed())


def test_no_files_import_each_other():
    assert reading.circles(GRAPH) == []


def test_rooms_import_only_what_lies_below_them():
    assert reading.wrong_directions(GRAPH, reading.MAY_IMPORT) == []


def test_the_table_of_rooms_is_whole_and_has_no_circle():
    rooms = {reading.room_of(path) for path in GRAPH}
    assert rooms == set(reading.MAY_IMPORT)
    assert reading.circles({Path(room): {Path(other): 1 for other in may} for room, may in reading.MAY_IMPORT.items()}) == []


def _planted(root: Path, **files: str) -> reading.ImportGraph:
    for name, text in files.items():
        path = root / Path(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return reading.import_graph([path.relative_to(root) for path in root.rglob("*.py")], root)


PLAN = "def plan():\n    pass\n"
FOR_TYPES = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ..upper.door import Door\n"
IN_A_FUNCTION = "def open_door():\n    from ..upper import door\n\n    return door\n"


@pytest.mark.parametrize("text", [FOR_TYPES, IN_A_FUNCTION, "import json\n\nfrom ..upper.door import *\n"])
def test_a_planted_circle_is_found(tmp_path, text):
    graph = _planted(tmp_path, upper__door="from ..lower.stair import climb\n", lower__stair=text, lower__plan=PLAN)
    assert reading.circles(graph) == [["lower/stair.py", "upper/door.py"]]
    (wrong,) = reading.wrong_directions(graph, {"upper": {"lower"}, "lower": set()}, tmp_path)
    assert wrong.startswith("lower/stair.py:")
    assert wrong.endswith(" imports upper/door.py")


def test_a_circle_through_three_files_is_found(tmp_path):
    texts = {"a": "from .b import f\n", "b": "from . import c\n", "c": "from .a import g\n", "d": "from . import a\n"}
    assert reading.circles(_planted(tmp_path, **texts)) == [["a.py", "b.py", "c.py"]]


def test_a_file_on_the_way_down_is_no_circle(tmp_path):
    graph = _planted(tmp_path, upper__door="from ..lower.plan import plan\nfrom .. import lower\n", lower__plan=PLAN)
    assert reading.circles(graph) == []
    assert reading.wrong_directions(graph, {"upper": {"lower"}, "lower": set()}, tmp_path) == []
    assert len(reading.wrong_directions(graph, {"upper": set(), "lower": set()}, tmp_path)) == 1


BESIDE_NODES = {
    "__init__.py",
    "inputs.py",
    "preflight_route.py",
    "refusals.py",
    "request_bodies.py",
    "routes.py",
    "doctor_routes.py",
    "timeline_routes.py",
}
BESIDE_NODES.add("window_routes.py")


def test_every_other_file_of_nodes_holds_nodes():
    files = [path for path in GRAPH if path.parts[0] == "nodes" and path.name not in BESIDE_NODES]
    holding = [path for path in files if "NODES" in _assigned(path)]
    assert len(holding) > 10
    assert [path.as_posix() for path in files if path not in holding] == []


def _assigned(path: Path) -> set[str]:
    found = [node for node in reading.tree_of(path).body if isinstance(node, ast.Assign | ast.AnnAssign)]
    targets = [target for node in found for target in (node.targets if isinstance(node, ast.Assign) else [node.target])]
    return {target.id for target in targets if isinstance(target, ast.Name)}
