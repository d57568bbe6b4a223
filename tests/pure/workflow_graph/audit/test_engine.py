from __future__ import annotations

import copy
import importlib
import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.audit import manual
from audio_loop.workflow_graph.audit.command import shipped_files
from audio_loop.workflow_graph.audit.engine import all_rules, audit, rules_in, select
from audio_loop.workflow_graph.audit.rule import Severity
from audio_loop.workflow_graph.shipped import classic as classic_graph
from audio_loop.workflow_graph.shipped.classic_options import AS_SAVED_IN_APRIL

CODES = [rule.code for rule in all_rules()]
NAMED_FOR_USERS = {
    "preprocess_compression",
    "preprocess_symmetry",
    "loop_cropguides_symmetry",
    "guide_positions_reach_sampler",
    "iterations_autowired",
    "text_encoder_outside_loop",
    "noise_mask_hygiene",
    "decoder",
    "resolution",
    "length",
    "fps_coherence",
    "frame_rate_on_conditioning",
    "overlap_single_source",
    "sampler_type",
    "cfg_value",
    "manual_sigmas",
    "seed_control_drift",
    "loop_body_containment",
    "set_get_integrity",
    "audio_trim_default",
    "prompt_byte_exact",
    "sage_mask_safety",
    "missing_nodes",
    "dead_links",
    "graph_acyclic",
}


def test_every_file_is_a_rule_with_a_test_file():
    folder = REPOSITORY / "workflow_graph" / "audit" / "rules"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    tests = {
        path.stem.removeprefix("test_")
        for path in (REPOSITORY / "tests" / "pure" / "workflow_graph" / "audit").glob("test_*.py")
    }
    assert set(CODES) == files
    assert files <= tests
    assert set(CODES) >= NAMED_FOR_USERS


def test_documented_rules_are_the_registered_rules():
    text = (REPOSITORY / "docs" / "audit.md").read_text("utf-8")
    assert re.findall(r"^### (\w+)$", text, re.MULTILINE) == CODES
    assert text == manual.page(all_rules())


@pytest.mark.parametrize("rule", all_rules(), ids=CODES)
def test_every_rule_says_what_is_seen_why_and_what_mends_it(rule):
    for text in (rule.summary, rule.seen, rule.why, rule.mend):
        assert text
        assert not text.endswith(".")
        assert "\n" not in text
    assert rule.severity is not Severity.OK


@pytest.mark.parametrize("rule", all_rules(), ids=CODES)
def test_commands_that_rules_name_are_ours(rule):
    known = {
        "apply_sage_mode",
        "apply_loop_guide_preprocess_symmetry",
        "apply_loop_cropguides_symmetry",
        "apply_iterations_autowire",
    }
    known |= {"apply_batch_encode_fix", "apply_ltx_decoder", "modernize_workflow", "validate_workflow_resolution", "workflow"}
    assert set(re.findall(r"scripts/(\w+)\.py", rule.mend)) <= known


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_shipped_workflows_have_no_finding_that_is_not_explained(path):
    found = audit(document.load_workflow(path))
    assert found.obstacle is None
    assert [f"{r.rule.code}: {r.finding.message}" for r in found.reported if r.explanation is None] == []


def test_the_faults_of_april_are_all_found():
    found = audit(classic_graph.workflow(AS_SAVED_IN_APRIL))
    assert {reported.rule.code for reported in found.reported} == {
        "audio_encoded_outside_loop",
        "audio_trim_default",
        "decoder",
        "frame_rate_on_conditioning",
        "iterations_autowired",
        "manual_sigmas",
        "missing_nodes",
        "preprocess_compression",
        "preprocess_symmetry",
        "sage_mask_safety",
        "seed_control_drift",
        "text_encoder_outside_loop",
    }


def test_an_audit_gives_the_same_twice_and_changes_nothing():
    graph = classic_graph.workflow(AS_SAVED_IN_APRIL)
    before = copy.deepcopy(graph)
    first, second = audit(graph), audit(graph)
    assert [(r.rule.code, r.finding) for r in first.reported] == [(r.rule.code, r.finding) for r in second.reported]
    assert graph == before


def renumbered(value, offset):
    """The same graph with other node ids."""
    graph = copy.deepcopy(value)
    for raw in [graph, *graph["definitions"]["subgraphs"]]:
        for node in raw["nodes"]:
            node["id"] += offset
        for link in raw["links"]:
            if isinstance(link, list):
                link[1] += offset
                link[3] += offset
            else:
                for key in ("origin_id", "target_id"):
                    link[key] += offset if link[key] > 0 else 0
        if "state" in raw:
            raw["state"]["lastNodeId"] += offset
    graph["last_node_id"] += offset
    return graph


def test_ids_do_not_matter():
    graph = classic_graph.workflow(AS_SAVED_IN_APRIL)
    plain = sorted(reported.rule.code for reported in audit(graph).reported)
    assert sorted(reported.rule.code for reported in audit(renumbered(graph, 50000)).reported) == plain


def test_a_note_explains_a_warning_but_no_error(ours):
    def note(text):
        def edit(graph):
            next(node for node in graph.nodes if node.type == "MarkdownNote").raw["widgets_values"] = [text]

        return edit

    def compress(value):
        def edit(graph):
            graph.one(type="LTXVPreprocess").widgets["img_compression"] = value

        return edit

    rule = select(["preprocess_compression"])
    warned = audit(ours(compress(10), note("# Hello\n\naudit: preprocess_compression: less on purpose")), rule)
    assert [reported.explanation for reported in warned.reported] == ["less on purpose"]
    assert (warned.count(Severity.WARN), warned.count(Severity.WARN, explained=True)) == (0, 1)
    other = audit(ours(compress(10), note("audit: length something else")), rule)
    assert other.count(Severity.WARN) == 1
    failed = audit(ours(compress(0), note("audit: preprocess_compression less on purpose")), rule)
    assert (failed.count(Severity.ERR), failed.reported[0].explanation) == (1, None)


def test_rules_are_chosen_by_code():
    assert [rule.code for rule in select(["length", "decoder"])] == ["decoder", "length"]
    assert {rule.code for rule in select(skip=["decoder"])} == set(CODES) - {"decoder"}
    with pytest.raises(ValueError, match="did you mean 'decoder'"):
        select(["decodr"])


@pytest.mark.parametrize("held", ["", "from audio_loop.workflow_graph.audit.rules.length import length\n"])
def test_a_file_without_a_rule_of_its_name_is_refused(tmp_path, monkeypatch, held):
    package = tmp_path / f"rules_held_{len(held)}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "window.py").write_text(held, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=r"window must hold one rule called window, it holds \[('length')?\]"):
        rules_in(importlib.import_module(package.name))
