from __future__ import annotations

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.migrations import chain

RULE = "outdated_sockets"
CASE = REPOSITORY / "tests" / "golden" / "graph_saved_before_widget_sockets.json"


def old_seed(graph):
    controller = graph.node(1582)
    slot = next(slot for slot in controller.raw["inputs"] if slot["name"] == "base_seed")
    slot["name"] = "seed"


def swapped_outputs(graph):
    node = graph.add("AudioDuration")
    graph.connect(graph.node(565).output(), node.input("audio"))
    node.raw["outputs"] = [
        {"name": "duration", "type": "FLOAT", "links": []},
        {"name": "sample_rate", "type": "INT", "links": []},
        {"name": "samples", "type": "INT", "links": []},
    ]


def core_input(graph):
    """An input of a core node that nobody knows, wired."""
    link = graph.node(446).input("image").link
    graph.node(446).raw["inputs"][0]["name"] = "picture"
    assert link is not None


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True, audio_in_loop=True, encode_in_loop=True))


def test_a_renamed_input_is_named_with_what_it_becomes(check_finds, classic):
    check_finds(RULE, classic(old_seed), "node 1582 .*input 'seed' is base_seed today, and it is wired")


def test_outputs_that_changed_places(check_finds, classic):
    patterns = "output 1 'sample_rate' is output 2 'sample_rate' today", "output 2 'samples' is output 1 'samples' today"
    check_finds(RULE, classic(swapped_outputs), *patterns, severity="WARN")


def test_a_wired_input_that_a_core_node_does_not_have(check_finds, classic):
    check_finds(RULE, classic(core_input), "node 446 .*'picture' is gone, and it is wired", severity="WARN")


def test_fixed_by_the_command_that_it_names(classic):
    healed = chain.migrate(classic(old_seed, swapped_outputs)).document
    assert audit(healed, select([RULE])).reported == ()


def test_the_graph_saved_before_widgets_had_sockets():
    found = audit(document.load_workflow(CASE), select([RULE])).reported
    text = " ".join(f"{f.finding.where}: {f.finding.message}" for f in found)
    assert "node 1582 (AudioLoopController): input 'seed' is base_seed today, and it is wired" in text
    assert "node 1560 (AudioLoopPlanner): input 'stride_seconds' is gone: the planner works its stride out" in text
