"""Each row of the coverage of the guide names what exists, no term is without a row, and the page is made of the rows.

The guide itself lies outside the project (`../shared/reference/guide.txt`, or the path in AUDIO_LOOP_GUIDE). What it names is
kept as the hash of its terms, so the table is held to it in a checkout without the guide, too: nothing is skipped there. With
the guide at hand its terms are read anew and compared as well.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from .import_graph import REPOSITORY

GUIDE = Path(os.environ.get("AUDIO_LOOP_GUIDE", REPOSITORY.parent / "shared" / "reference" / "guide.txt"))
TERMS_OF_THE_GUIDE = "94ee5259ffd321a7c8bedecb2d925b528cc1c43ac46afab9595b8a92ab1f8bbb"
"""SHA-256 of the guide's terms, sorted, one a line."""

spec = importlib.util.spec_from_file_location("make_guide_coverage", REPOSITORY / "scripts" / "make_guide_coverage.py")
coverage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(coverage)

TABLE = json.loads(coverage.TABLE.read_text("utf-8"))
ROWS = [row for section in TABLE["sections"] for row in section["rows"]]
NOT_SERVED = "not served"


def answered():
    return {term for row in ROWS for term in row["terms"]}


def fingerprint(terms):
    return hashlib.sha256("\n".join(sorted(terms)).encode("utf-8")).hexdigest()


def test_every_term_of_the_guide_has_a_row_and_no_row_another_term():
    assert fingerprint(answered()) == TERMS_OF_THE_GUIDE
    terms = coverage.terms_of(GUIDE.read_text("utf-8")) if GUIDE.exists() else answered()
    assert (terms - answered(), answered() - terms) == (set(), set())


def test_terms_are_read_from_the_guide():
    text = "run scripts/a_b.py --dry-run on Node 1604 (17.92 s, 3 kHz) with [512, 64]"
    text += "\n| What you see |\n| Face drifts so far away |"
    assert coverage.terms_of(text) == {
        *("file: scripts/a_b.py", "value: a_b", "flag: --dry-run", "node id: 1604", "number: 17.92 s", "number: 3 kHz"),
        *("number: [512, 64]", "symptom: Face drifts so far"),
    }


def test_a_row_is_served_or_says_why_not():
    for row in ROWS:
        assert row["served"] or row["note"].startswith(NOT_SERVED), row["about"]
        assert re.search(r", because \w+", row["note"]) or NOT_SERVED not in row["note"], row["about"]


def test_the_page_is_made_of_the_rows():
    assert coverage.PAGE.read_text("utf-8") == coverage.page(TABLE), "python scripts/make_guide_coverage.py writes it"


@pytest.mark.parametrize("entry", sorted({entry for row in ROWS for entry in row["served"]}))
def test_what_serves_exists(entry):
    kind, name, more = coverage.parted(entry)
    path = REPOSITORY / coverage.SOURCE_OF[kind].format(name).partition("::")[0]
    assert path.exists(), entry
    assert is_there(kind, name, more), entry


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "script:apply_ltx_decoder.py --no-such-flag",
            "node:AudioLoopPlanner.no_such_input",
            "node:NoSuchNode",
            "id:1604 CLIPTextEncode",
        ),
        *("doc:docs/audit.md#no-such-heading", "test:tests/pure/house/test_readme.py::test_no_such_test", "other:NoSuchNode"),
        *("id:999999 *", "other:VAEDecodeTiled.no_such_input"),
    ],
)
def test_what_does_not_exist_is_found(entry):
    assert not is_there(*coverage.parted(entry))


def is_there(kind, name, more):
    """True if what an entry asks of a file, a node or a page that exists is in it."""
    if kind == "script":
        return not more or set(more.split()) <= flags_of(name)
    if kind in {"node", "other"}:
        inputs = schemas(kind == "node").get(name)
        return inputs is not None and (not more or more in inputs)
    if kind == "id":
        types = node_types().get(name, set())
        return bool(types) if more == "*" else more in types
    if kind == "doc":
        headings = re.findall(r"^#+ (.+)$", (REPOSITORY / name).read_text("utf-8"), re.MULTILINE)
        return not more or more in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
    if kind == "test":
        path, _, function = name.partition("::")
        return not function or f"\ndef {function}(" in (REPOSITORY / path).read_text("utf-8")
    return True


@cache
def flags_of(script):
    """The options that a script's help names."""
    call = [sys.executable, str(REPOSITORY / "scripts" / script), "--help"]
    shown = subprocess.run(call, check=True, capture_output=True, encoding="utf-8", cwd=REPOSITORY).stdout
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", shown))


@cache
def schemas(ours):
    """Node -> names of its inputs: those of the pack, or those of ComfyUI and other packs."""
    files = [file for file in (REPOSITORY / "workflow_graph" / "schemas").glob("*.json") if (file.stem == "audio-loop") == ours]
    nodes = [json.loads(file.read_text("utf-8"))["nodes"] for file in files]
    return {name: {*node.get("required", {}), *node.get("optional", {})} for each in nodes for name, node in each.items()}


@cache
def node_types():
    """Id -> types of the nodes that have it in a shipped workflow, in the graph or in a subgraph."""
    found = {}
    for file in (REPOSITORY / "example_workflows").glob("**/*.json"):
        graph = json.loads(file.read_text("utf-8"))
        for part in [graph, *graph.get("definitions", {}).get("subgraphs", [])] if "nodes" in graph else []:
            for node in part["nodes"]:
                found.setdefault(str(node["id"]), set()).add(node["type"])
    return found
