"""A graph before its render that says less than it could: what of it is known, and what then is not."""

from __future__ import annotations

import copy

import pytest

from audio_loop.preflight.check import preflight
from audio_loop.preflight.report import as_text
from audio_loop.preflight.subject import PlannedSubject
from audio_loop.workflow_graph.document import load
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.node_kinds import SCHEDULES

from .conftest import DEFAULT, FOUR_MINUTES, SOUND_MACHINE


def test_of_a_graph_that_cannot_be_followed_nothing_is_known():
    graph = load(DEFAULT)
    inner = graph["definitions"]["subgraphs"][0]
    inner["nodes"].append({**inner["nodes"][0], "id": 4000, "type": inner["id"], "inputs": [], "outputs": []})
    subject = PlannedSubject(graph, FOUR_MINUTES, SOUND_MACHINE, None, None)
    assert subject.obstacle is not None
    assert subject.planned.unknown == "data cannot be followed in this graph"
    assert (subject.planned_beside, subject.snapped) == ((), ())
    assert [subject.size_px, subject.recipe, subject.cost, subject.latent_frame_bytes, subject.needed_bytes] == [None] * 5


def test_a_size_that_comes_from_a_picture_is_not_known(default_workflow):
    prompt = to_api(default_workflow)
    empty = next(each for each in prompt.values() if each["class_type"] == "EmptyLTXVLatentVideo")
    assert preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).subject.size_px == (832, 448)
    empty["inputs"]["width"] = ["444", 0]
    subject = preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).subject
    assert (subject.size_px, subject.needed_bytes) == (None, None)
    assert subject.recipe is None


def test_room_on_the_disk_is_known_even_if_the_steps_are_not(check):
    def without_steps(graph):
        graph.one(type="ManualSigmas").widgets["sigmas"] = ""

    whole, part = check(without_steps), check(without_steps, on_disk=lambda _, asked: frozenset(range(7)) & {*asked.indexes})
    assert whole.subject.recipe is None
    assert whole.subject.needed_bytes == check().subject.needed_bytes
    assert 0 < part.subject.needed_bytes < whole.subject.needed_bytes


def test_a_schedule_that_two_nodes_read_alike_is_told_once(default_workflow):
    prompt = to_api(default_workflow)
    (once,) = preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).subject.snapped
    reader = next(key for key, each in prompt.items() if each["class_type"] in SCHEDULES)
    prompt["again"] = copy.deepcopy(prompt[reader])
    prompt["shown"] = {"class_type": "PreviewAny", "inputs": {"source": ["again", 0]}}
    (again,) = preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).subject.snapped
    assert again[0].id == once[0].id
    prompt["again"]["inputs"]["snap_boundaries"] = False
    assert len(preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).subject.snapped) == 2


@pytest.mark.parametrize("change", [{"enabled": False}, {"current_iteration": None}, {"locked": "nonsense"}])
def test_a_checkpoint_that_keeps_nothing_or_says_no_window_is_not_asked(default_workflow, change):
    asked = []

    def on_disk(node_id, _):
        asked.append(node_id)
        return frozenset()

    prompt = to_api(default_workflow)
    prompt["2202"]["inputs"].update(change)
    found = preflight(prompt, FOUR_MINUTES, SOUND_MACHINE.__class__(on_disk=on_disk))
    assert found.subject.on_disk == frozenset()
    assert asked == ["2201"]


def test_a_finding_that_a_note_explains_is_told_with_its_reason(check):
    def on_purpose(graph):
        graph.one(type="LTXVPreprocess").widgets["img_compression"] = 10
        note = next(node for node in graph.nodes if node.type == "MarkdownNote")
        note.raw["widgets_values"] = ["audit: preprocess_compression a clean picture is wanted"]

    lines = as_text(check(on_purpose), "").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.endswith("[preprocess_compression]")]
    assert lines[at + 1] == "  meant   a clean picture is wanted"
    assert not lines[at + 2 : at + 3] or not lines[at + 2].startswith("  why")


def test_if_everything_could_be_looked_at_nothing_is_said_to_be_left(check):
    assert "Not looked at" not in as_text(check(on_disk=lambda *_: frozenset()), "")
    assert "Not looked at" in as_text(check(), "")
