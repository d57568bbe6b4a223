"""A window of a canvas has one fingerprint in whichever pass it is made; a draft's plan counts if its windows choose."""

from __future__ import annotations

import copy

from audio_loop.checkpoints.fingerprint.canvas_links import follow_canvas, says_no_more
from audio_loop.checkpoints.fingerprint.graph_hash import hash_graph
from audio_loop.checkpoints.fingerprint.graph_rules import GraphRules

RULES = GraphRules(ignore=says_no_more, redirect=follow_canvas)
GRAPH = {
    "plan": {"class_type": "AudioLoopPlanner", "inputs": {"window_seconds": 8.0, "order": "in turn", "windows": ""}},
    "draft": {"class_type": "AudioLoopPlanner", "inputs": {"window_seconds": 19.88, "order": "in turn", "windows": ""}},
    "cut": {
        "class_type": "LoopWindowOfCanvas",
        "inputs": {"canvas": ["gone", 0], "plan": ["plan", 5], "draft_plan": ["draft", 5], "current_iteration": 3},
    },
    "choice": {"class_type": "LatentSelectByIteration", "inputs": {"current_iteration": ["cut", 3]}},
    "made": {"class_type": "Sampler", "inputs": {"start": ["cut", 0], "picture": ["choice", 0], "seed": ["cut", 4]}},
    "new": {
        "class_type": "LoopWindowNew",
        "inputs": {"latent": ["made", 0], "plan": ["plan", 5], "current_iteration": 3},
    },
}
CUT = {("cut", 0): "previous_latent", ("plan", 5): "plan", ("cut", 4): "seed_value"}


def digest(changes=(), cut=CUT):
    graph = copy.deepcopy(GRAPH)
    for node_id, name, value in changes:
        graph[node_id]["inputs"][name] = value
    return hash_graph(graph.__getitem__, ("new", 0), cut=cut, rules=RULES, hash_file=lambda _path: b"").whole


def test_the_pass_and_the_choice_of_windows_do_not_count():
    passes = [("cut", "current_iteration", 1), ("new", "current_iteration", 1)]
    assert digest(passes) == digest()
    assert digest([("plan", "windows", "3, 5"), ("draft", "windows", "1"), ("draft", "order", "anchors first")]) == digest()


def test_the_plan_of_a_draft_counts_if_its_window_chooses_something():
    assert digest([("draft", "window_seconds", 12.0)]) != digest()
    assert digest([("cut", "draft_plan", None)]) != digest()
    # The plan itself is hashed by the checkpoint.
    assert digest([("plan", "window_seconds", 12.0)]) == digest()


def test_what_the_plan_says_of_a_window_needs_no_canvas():
    """The canvas has no source of its own in a pass of a loop; number and seed of the window do not lead to it."""
    assert digest(cut={("cut", 0): "previous_latent", ("plan", 5): "plan"}) == digest()
    assert digest([("choice", "current_iteration", ["cut", 2])]) != digest()
