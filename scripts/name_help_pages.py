"""Brings the nodes' display names, as the schema snapshot has them, into the help pages and the README.

    python scripts/name_help_pages.py

Run it after a node was given another display name and the snapshot was made again. The name of before is the title of its
English page; everywhere else it is replaced as a whole.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import _bootstrap

DOCS = _bootstrap.REPOSITORY / "web" / "docs"
SNAPSHOT = _bootstrap.REPOSITORY / "workflow_graph" / "schemas" / "audio-loop.json"


def new_names(docs: Path, snapshot: Path) -> dict[str, str]:
    """Display name of before -> of now, of each node that has a page and another name."""
    nodes = json.loads(snapshot.read_text("utf-8"))["nodes"]
    titles = {path.stem: path.read_text("utf-8").split("\n", 1)[0].removeprefix("# ") for path in docs.glob("*.md")}
    return {old: nodes[node]["display_name"] for node, old in titles.items() if nodes[node]["display_name"] != old}


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with every old name replaced, the longest first and all at once, so that names may be swapped."""
    longest_first = sorted(names, key=len, reverse=True)
    # A new name may begin with the old one; that is not replaced a second time.
    alternatives = "|".join(map(re.escape, [*sorted(names.values(), key=len, reverse=True), *longest_first]))
    return re.sub(rf"(?<![A-Za-z])(?:{alternatives})(?![A-Za-z])", lambda found: names.get(found[0], found[0]), text)


def main() -> int:
    """Runs the command line; returns the exit status."""
    names = new_names(DOCS, SNAPSHOT)
    for path in [*sorted(DOCS.rglob("*.md")), _bootstrap.REPOSITORY / "README.md"] if names else []:
        before = path.read_text("utf-8")
        if (after := renamed(before, names)) != before:
            path.write_text(after, encoding="utf-8")
            print(path.relative_to(_bootstrap.REPOSITORY))
    return 0


if __name__ == "__main__":
    sys.exit(main())
