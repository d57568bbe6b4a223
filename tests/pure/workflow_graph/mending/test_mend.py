"""Commands that findings name are tried on graphs of that kind, and `mend` makes all of them in order."""

from __future__ import annotations

import copy
import shlex
import subprocess
import sys
from dataclasses import fields, replace
from functools import lru_cache

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import command_line
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.audit.engine import all_rules, audit, select
from audio_loop.workflow_graph.audit.rule import Severity
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.mending.remedies import remedy_in
from audio_loop.workflow_graph.mending.tried import MOST_NODES, with_tried_commands
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import AS_SAVED_IN_APRIL, Options

OLD = REPOSITORY / "tests" / "golden" / "graph_saved_before_widget_sockets.json"
OURS = [REPOSITORY / "example_workflows" / f"audio-loop-music-video_{name}.json" for name in ("latent", "image")]

EDITED = ("april", "old", "audio-loop-music-video_latent")
"""Graphs that are edited, too."""


def _planner(mode):
    def edit(document):
        for node in document["nodes"]:
            if node["type"] == "AudioLoopPlanner":
                node["mode"] = mode

    return edit


def _without_planner(document):
    graph = Graph(document)
    for planner in graph.find(type="AudioLoopPlanner"):
        graph.remove(planner)
    document.clear()
    document.update(graph.to_document())


def _uncounted(document):
    graph = Graph(document)
    for opened in graph.find(type="TensorLoopOpen"):
        for slot in [slot for slot in opened.inputs if slot.name == "iterations_in"]:
            graph.disconnect(slot)
    document.clear()
    document.update(graph.to_document())


def _broken_link(document):
    next(link for link in document["links"])[3] = 99_999


EDITS = {
    "as it is": lambda document: None,
    "planner bypassed": _planner(4),
    "planner muted": _planner(2),
    "no planner": _without_planner,
    "count not wired": _uncounted,
    "a broken link": _broken_link,
}


@lru_cache(maxsize=1)
def graphs():
    """Name -> graph: each known fault of old graphs alone, all together, the old case, and ours; each of them edited."""
    sound = Options()
    plain = {"april": classic.workflow(AS_SAVED_IN_APRIL), "old": documents.load_workflow(OLD)}
    for field in fields(Options):
        worse = getattr(AS_SAVED_IN_APRIL, field.name)
        if worse != getattr(sound, field.name):
            plain[f"classic, {field.name}"] = classic.workflow(replace(sound, **{field.name: worse}))
    plain["classic, raw guide"] = classic.workflow(replace(sound, raw_guide=True, encode_in_loop=True))
    plain["classic, compression 0"] = classic.workflow(replace(sound, compression=0))
    plain["classic, clip in the loop"] = classic.workflow(replace(sound, clip_in_loop=True))
    plain["classic, cropped before"] = classic.workflow(replace(sound, crop_before_guider=True))
    plain |= {path.stem: documents.load_workflow(path) for path in OURS}
    made = {}
    for name, document in plain.items():
        for edit_name, edit in EDITS.items():
            if edit_name != "as it is" and name not in EDITED:
                continue
            made[f"{name} / {edit_name}"] = copy.deepcopy(document)
            edit(made[f"{name} / {edit_name}"])
    return made


@lru_cache(maxsize=1)
def audits():
    """Name -> audit, its commands tried."""
    return {name: with_tried_commands(audit(document), document) for name, document in graphs().items()}


def findings():
    """(graph, finding) for every finding of every graph whose printed words hold a command."""
    return [(name, r) for name, found in audits().items() for r in found.reported if remedy_in(r.mend) is not None]


@lru_cache(maxsize=1)
def mended():
    """Name -> what `mend` makes of the graph."""
    return {name: mend(document) for name, document in graphs().items()}


def test_every_rule_that_names_a_command_says_what_to_do_by_hand_too():
    for rule in all_rules():
        assert bool(rule.by_hand) == (remedy_in(rule.mend) is not None), rule.code
        assert remedy_in(rule.by_hand) is None, rule.code


def test_every_command_that_is_printed_mends_its_finding():
    after = {}
    for name, reported in findings():
        remedy = remedy_in(reported.mend)
        if (name, remedy.name) not in after:
            after[name, remedy.name] = audit(remedy.work(graphs()[name]).document)
        left = [(r.rule.code, r.finding.where) for r in after[name, remedy.name].reported]
        assert (reported.rule.code, reported.finding.where) not in left, (name, remedy.name)
    print(f"{len(findings())} findings of {len(graphs())} graphs, {len(after)} commands tried")
    assert len(after) > 60


def test_the_graphs_trip_every_rule_that_names_a_command():
    tripped = {reported.rule.code for _, reported in findings()}
    naming = {rule.code for rule in all_rules() if remedy_in(rule.mend) is not None}
    assert naming - tripped == set()


@pytest.mark.parametrize("code", [rule.code for rule in all_rules() if remedy_in(rule.mend) is not None])
def test_the_printed_line_works_as_it_is_printed(code, tmp_path):
    name, reported = next((name, reported) for name, reported in findings() if reported.rule.code == code)
    path, new = tmp_path / "my graph.json", tmp_path / "new.json"
    documents.save(graphs()[name], path)
    line = reported.mend[reported.mend.index("python scripts/") :].split(";")[0]
    typed = line.replace("FILE", shlex.quote(str(path))).replace("NEW", shlex.quote(str(new)))
    command = [sys.executable, "-S", *shlex.split(typed)[1:]]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    after = documents.load_workflow(new if new.exists() else path)
    left = [r.finding.where for r in audit(after, select([code])).reported]
    assert reported.finding.where not in left, done.stdout + done.stderr


def test_mend_leaves_nothing_that_a_command_could_mend_and_is_done_at_once():
    for name, outcome in mended().items():
        found = with_tried_commands(audit(outcome.document), outcome.document)
        assert found.obstacle is None, name
        assert found.count(Severity.ERR) <= audits()[name].count(Severity.ERR) or audits()[name].obstacle, name
        for reported in found.reported:
            remedy = remedy_in(reported.mend)
            assert remedy is None or remedy.asks or reported.finding.may_be_meant, (name, reported.rule.code, reported.mend)
        assert check(outcome.document) == (), name
        again = mend(outcome.document)
        assert again.made == (), name
        assert again.document == outcome.document, name


def test_old_graphs_keep_no_error():
    for name in (f"{graph} / {edit}" for graph in ("april", "old") for edit in EDITS):
        found = audit(mended()[name].document)
        assert [r.rule.code for r in found.reported if r.severity is Severity.ERR] == [], name


def test_the_graph_that_is_given_stays_as_it_is():
    document = documents.load_workflow(OLD)
    assert mend(document).made
    assert document == documents.load_workflow(OLD)


def test_a_count_that_was_wired_by_hand_stays():
    graph = Graph(unfold(documents.load_workflow(OURS[1])).document)
    constant = graph.add("PrimitiveInt", widgets={"value": 1})
    graph.connect(constant.output(), graph.one(type="TensorLoopOpen").input("iterations_in"))
    assert mend(graph.to_document()).made == ()


def test_the_command_mends_in_place_says_what_is_left_and_takes_it_back(tmp_path, capsys):
    path = tmp_path / "old.json"
    path.write_bytes(OLD.read_bytes())
    assert command_line.main(["mend", "--dry-run", str(path)]) == 0
    assert path.read_bytes() == OLD.read_bytes()
    assert command_line.main(["mend", str(path)]) == 0
    said = capsys.readouterr().out
    assert "base_seed: 344096342624943 -> <- 3018.INT" in said
    assert "what is left:" in said
    assert "overlap_single_source" in said
    assert command_line.main(["mend", "--revert", str(path)]) == 0
    assert path.read_bytes() == OLD.read_bytes()
    assert command_line.main(["mend", "-o", str(tmp_path / "new.json"), str(path)]) == 0
    assert path.read_bytes() == OLD.read_bytes()
    assert audit(documents.load_workflow(tmp_path / "new.json")).count(Severity.ERR) == 0


def test_the_command_without_a_file_says_how_to_name_one(capsys):
    assert command_line.main(["mend"]) == 2
    assert "mend FILE" in capsys.readouterr().err


def test_a_very_large_graph_is_migrated_without_trying_commands():
    nodes = [{"id": i, "type": "Reroute", "pos": [0, 0], "inputs": [], "outputs": []} for i in range(1, MOST_NODES + 2)]
    document = {"nodes": nodes, "links": [], "last_node_id": len(nodes), "last_link_id": 0, "version": 0.4}
    assert any("commands are not tried" in remark for remark in mend(document).remarks)
