"""Names that say which thing is meant."""

from __future__ import annotations

import ast
from pathlib import Path

from .import_graph import REPOSITORY, packed, tree_of


def repeated(files: list[Path], root: Path = REPOSITORY) -> dict[str, list[str]]:
    """Class name -> the files that define one of that name, if there are several."""
    places: dict[str, list[str]] = {}
    for path in files:
        for node in ast.walk(tree_of(path, root)):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(path.as_posix())
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def test_no_two_classes_have_one_name():
    assert repeated(packed()) == {}


def test_two_classes_of_one_name_are_found(tmp_path):
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("class Segment:\n    pass\n", "utf-8")
    assert repeated([Path("one.py"), Path("two.py")], tmp_path) == {"Segment": ["one.py", "two.py"]}
