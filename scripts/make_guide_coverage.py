"""Writes docs/coverage_of_the_guide.md from the table beside it; --check compares, --guide FILE looks for what the table lacks.

python scripts/make_guide_coverage.py [--check] [--guide GUIDE]

The table, docs/coverage_of_the_guide.json, holds one row for each thing that the troubleshooting guide names, the guide's own
terms that the row answers, and what serves it here. The guide itself is not part of the project: where it is at hand, every
term in it must be in a row and every term of a row must be in it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import _bootstrap  # noqa: F401

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coverage_of_the_guide.md"
TABLE = PAGE.with_suffix(".json")

UNITS = r"kHz|Hz|dB|LUFS|ms|GB|fps|minutes?|min|seconds?|sec|pixels?|iterations?|steps?|people|s|B|%"
TERMS = {
    "file": r"[\w./<>*${}-]*\w\.(?:py|sh|md|jsonl?|wav|mp3|mp4|png|m4a|duckdb)(?![a-z])",
    "flag": r"(?<![\w-])--[a-z][a-z-]*",
    "node id": r"(?:#|[Nn]odes? |\(node )(\d{3,4})\b|\b(\d{3,4}) (?=[A-Z][A-Za-z]+[A-Z])|\b(\d{3,4})'s",
    "name": r"\b(?:[A-Z][a-z0-9]*[a-z][A-Z]\w*|[A-Z]{2,}\d*[a-z]\w*[A-Z]\w*|LTX2_NAG|LTX[A-Z]\w+|[A-Z]{2,}_[A-Z_]+)\b",
    "value": r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b",
    "number": rf"(?<![\w.])[-~≈≤≥>−+]?\d+(?:[.,-]\d+)*(?:\s*(?:{UNITS})(?![\w])|×)|\d:\d\d\b|\b\d+x\d+\b|\[\d[\d., ]*\]"
    r"|\b\w+=\d[\d.]*\b|\d[\d.]*(?:, \d[\d.]*\b)+",
    "rule": r"\b(?:R\d+|F[23]|Phase[ -]\d(?:\.\d)?|Phase A\d)\b",
    "date": r"\b20\d\d-\d\d-\d\d\b",
}
"""Kind of term -> what finds it in the guide's text."""

SOURCE_OF = {
    "script": "scripts/{}",
    "node": "web/docs/{}.md",
    "rule": "workflow_graph/audit/rules/{}.py",
    "check": "preflight/rules/{}.py",
    "cause": "doctor/causes/{}.py",
    "symptom": "doctor/detectors/{}.py",
    "experiment": "autoresearch/experiments/{}.toml",
    "test": "{}",
    "file": "{}",
    "doc": "{}",
    "id": "example_workflows",
    "other": "workflow_graph/schemas",
}
"""Kind of what serves -> where it lies in the project. "id" is a node id in a shipped workflow, "other" a node of ComfyUI or
of another pack, "check" a rule of preflight, "symptom" a detector of the doctor."""

_FRONT = """# Coverage of the troubleshooting guide

What the guide that Audio Loop was first described in names, and what serves it here: {rows} rows for {terms} of its names,
numbers and symptoms. Made by `python scripts/make_guide_coverage.py` from `docs/coverage_of_the_guide.json`; a test looks at
every entry: files, anchors, flags, nodes with their inputs, node ids, rules, causes and tests must exist.

*Corrected* stands where the guide is wrong about ComfyUI, the model or its own arithmetic.
"""


def terms_of(guide: str) -> set[str]:
    """Terms that the text names: files, flags, node ids, names, values, numbers with units, rules, dates, symptoms."""
    text = " ".join(guide.split())
    found = {
        f"{kind}: {next(filter(None, (*match.groups(), match[0])))}"
        for kind in TERMS
        for match in re.finditer(TERMS[kind], text)
    }
    return found | {f"symptom: {words}" for words in symptoms_of(guide)}


def symptoms_of(guide: str) -> list[str]:
    """First four words of each row in the table of symptoms."""
    table = guide.partition("| What you see |")[2].partition("What it looks like")[0]
    rows = re.findall(r"^(?:\| (?!What|-)|(?=Items from))([^|\n]+)", table, re.MULTILINE)
    return [" ".join(row.split()[:4]) for row in rows if row.strip()]


def page(table: dict[str, Any]) -> str:
    """The page in Markdown."""
    rows = [row for section in table["sections"] for row in section["rows"]]
    parts = [_FRONT.format(rows=len(rows), terms=len({term for row in rows for term in row["terms"]}))]
    for section in table["sections"]:
        lines = ["| the guide has | its own terms | served by | note |", "|---|---|---|---|"]
        for row in section["rows"]:
            terms = ", ".join(term.partition(": ")[2].replace("|", "/") for term in row["terms"])
            served = ", ".join(map(linked, row["served"])) or "nothing"
            lines.append(f"| {row['about']} | {terms} | {served} | {row['note']} |")
        parts.append("\n".join([f"## {section['title']}", "", *lines]) + "\n")
    return "\n".join(parts)


def linked(entry: str) -> str:
    """An entry such as "rule: decoder" as a link from the page to what it names."""
    kind, name, more = parted(entry)
    path, _, place = SOURCE_OF[kind].format(name).partition("::")
    shown = f"{name} {more}".strip() if kind != "doc" else name.rpartition("/")[2]
    if kind == "test":
        shown = (place or Path(path).stem).replace("_", " ")
    anchor = f"#{more}" if kind == "doc" and more else ""
    return f"{kind} [{shown}](../{path}{anchor})"


def parted(entry: str) -> tuple[str, str, str]:
    """Kind, name and what is asked of it: flags of a script, an input of a node, the type at an id, an anchor of a page."""
    kind, _, rest = entry.partition(":")
    divider = {"script": " ", "id": " ", "node": ".", "other": ".", "doc": "#"}.get(kind)
    name, _, more = rest.partition(divider) if divider else (rest, "", "")
    return kind, name, more


def differences(table: dict[str, Any], guide: str) -> list[str]:
    """Terms of the guide that no row answers, and terms of rows that the guide does not have."""
    answered = {term for section in table["sections"] for row in section["rows"] for term in row["terms"]}
    named = terms_of(guide)
    return [f"no row answers {term!r}" for term in sorted(named - answered)] + [
        f"the guide does not name {term!r}" for term in sorted(answered - named)
    ]


def main() -> int:
    """Writes or compares the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--guide", type=Path, help="the guide's text: name what the table lacks, and what it has too much")
    arguments = parser.parse_args()
    table = json.loads(TABLE.read_text("utf-8"))
    wrong = differences(table, arguments.guide.read_text("utf-8")) if arguments.guide else []
    text = page(table)
    is_current = PAGE.exists() and PAGE.read_text("utf-8") == text
    if arguments.check and not is_current:
        wrong.append(f"docs/{PAGE.name} differs: python scripts/make_guide_coverage.py writes it")
    elif not is_current:
        PAGE.write_text(text, "utf-8", newline="\n")
    print("\n".join(wrong) or f"docs/{PAGE.name} is current")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
