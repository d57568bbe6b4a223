"""Nodes of earlier forms: every name, value and wire comes to today's, or its loss is named."""

from __future__ import annotations

import copy

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import convert, to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from .small_graphs import raw_node

CASE = REPOSITORY / "tests" / "golden" / "graph_saved_before_widget_sockets.json"


def _case():
    return documents.load_workflow(CASE)


def _source(prompt, node_id, name):
    """The node that feeds an input, through ComfyUI's eyes."""
    value = prompt[node_id]["inputs"][name]
    return prompt[value[0]]["inputs"], value[1]


@pytest.mark.parametrize("made_by", [lambda d: d, lambda d: chain.migrate(d).document, lambda d: modernize(d).document])
def test_a_wired_seed_of_42_is_42(made_by):
    prompt = to_api(made_by(_case()))
    assert _source(prompt, "1582", "base_seed")[0]["value"] == 42
    assert "seed" not in prompt["1582"]["inputs"]
    assert prompt["1582"]["inputs"]["fps"] == 25
    assert prompt["1582"]["inputs"]["overlap_seconds"] == 1
    # The planner takes the overlap from the controller: together they gave the stride.
    assert prompt["1560"]["inputs"]["overlap_seconds"] == 1
    assert _source(prompt, "1560", "window_seconds")[0]["value"] == 19.88
    assert "stride_seconds" not in prompt["1560"]["inputs"]


def test_to_api_says_what_it_read_in_todays_terms():
    notes = " ".join(convert(_case()).notes)
    assert "input 'seed' is base_seed today" in notes
    assert "stride_seconds" in notes


def test_the_case_is_migrated_and_stays_so():
    before = _case()
    kept = copy.deepcopy(before)
    outcome = chain.migrate(before)
    assert before == kept
    assert check(outcome.document) == ()
    assert any("stride_seconds" in remark and "is gone" in remark for remark in outcome.remarks)
    assert chain.migrate(outcome.document).made == ()


def _with(node_type, inputs, outputs, values, wires=(), feeds=()):
    """One node of an earlier form; `wires`: (input, type of source), `feeds`: (output index, type of reader, its input)."""
    graph = Graph({"nodes": [], "links": [], "version": 0.4, "last_node_id": 0, "last_link_id": 0})
    sources = [(name, graph.add(kind)) for name, kind in wires]
    readers = [(index, graph.add(kind), name) for index, kind, name in feeds]
    document = graph.to_document()
    raw = raw_node(100, node_type, inputs, outputs, values)
    link = 100
    for name, source in sources:
        slot = next(i for i, (each, _) in enumerate(inputs) if each == name)
        raw["inputs"][slot]["link"] = link
        document["links"].append([link, source.id, 0, 100, slot, inputs[slot][1]])
        next(n for n in document["nodes"] if n["id"] == source.id)["outputs"][0]["links"].append(link)
        link += 1
    for index, reader, name in readers:
        slots = next(n for n in document["nodes"] if n["id"] == reader.id)["inputs"]
        slot = next(i for i, each in enumerate(slots) if each["name"] == name)
        slots[slot]["link"] = link
        document["links"].append([link, 100, index, reader.id, slot, outputs[index][1]])
        raw["outputs"][index]["links"].append(link)
        link += 1
    document["nodes"].append(raw)
    document.update(last_node_id=100, last_link_id=link)
    return document


def _migrated(document):
    outcome = chain.migrate(document)
    assert check(outcome.document) == ()
    assert chain.migrate(outcome.document).made == ()
    return Graph(outcome.document), " ".join(outcome.remarks)


FLOATS = [("summary", "STRING"), ("total_iterations", "INT")]


def test_a_planner_whose_stride_was_a_number_gets_the_overlap_that_it_left():
    wires = [("audio", "LoadAudio")]
    graph, remarks = _migrated(_with("AudioLoopPlanner", [("audio", "AUDIO")], FLOATS, [18.88, 19.88], wires))
    planner = graph.node(100)
    assert (planner.widgets["window_seconds"], planner.widgets["overlap_seconds"]) == (19.88, 1.0)
    assert planner.input("audio").source.node.type == "LoadAudio"
    assert "overlap_seconds is 1" in remarks


def test_audio_duration_readers_follow_the_names():
    outputs = [("duration", "FLOAT"), ("sample_rate", "INT"), ("samples", "INT")]
    feeds = [(1, "RandomNoise", "noise_seed"), (2, "EmptyLTXVLatentVideo", "length")]
    graph, remarks = _migrated(_with("AudioDuration", [("audio", "AUDIO")], outputs, None, [("audio", "LoadAudio")], feeds))
    assert graph.one(type="RandomNoise").input("noise_seed").source.name == "sample_rate"
    assert graph.one(type="EmptyLTXVLatentVideo").input("length").source.name == "samples"
    assert [slot.name for slot in graph.node(100).outputs] == ["duration", "samples", "sample_rate"]
    assert remarks == ""


def test_frames_become_a_video_for_video_frame_extract():
    inputs = [("images", "IMAGE"), ("current_iteration", "INT")]
    values = [1, 17.92, 24.0]
    document = _with("VideoFrameExtract", inputs, [("image", "IMAGE")], values, [("images", "LoadImage")])
    graph, _ = _migrated(document)
    made = graph.node(100).input("video").source.node
    assert (made.type, made.widgets["fps"]) == ("CreateVideo", 24.0)
    assert made.input("images").source.node.type == "LoadImage"
    assert dict(graph.node(100).widgets) == {"current_iteration": 1, "stride_seconds": 17.92, "offset_seconds": 0.0}


def test_a_rate_that_a_video_cannot_have_is_named_and_a_wired_one_stays_wired():
    inputs = [("images", "IMAGE"), ("source_fps", "FLOAT")]
    values, wires = [1, 17.92, 500.0], [("images", "LoadImage")]
    graph, remarks = _migrated(_with("VideoFrameExtract", inputs, [("image", "IMAGE")], values, wires))
    made = graph.one(type="CreateVideo")
    assert made.input("fps").source is None
    assert f"source_fps 500.0 is out of what CreateVideo takes; its fps is {made.widgets['fps']:g}" in remarks
    values[2] = 24.0
    wires.append(("source_fps", "PrimitiveFloat"))
    graph, remarks = _migrated(_with("VideoFrameExtract", inputs, [("image", "IMAGE")], values, wires))
    assert graph.one(type="CreateVideo").input("fps").source.node.type == "PrimitiveFloat"
    assert "out of what CreateVideo takes" not in remarks


@pytest.mark.parametrize(("values", "said"), [(["x", 19.88], True), ([25.0, 19.88], True), ([18.88, 19.88], False)])
def test_a_planner_whose_values_leave_no_overlap_has_the_default_and_says_so(values, said):
    inputs = [("audio", "AUDIO"), ("stride_seconds", "FLOAT"), ("window_seconds", "FLOAT")]
    graph, remarks = _migrated(_with("AudioLoopPlanner", inputs, FLOATS, values, [("audio", "LoadAudio")]))
    default = Graph({"nodes": [], "links": [], "version": 0.4}).add("AudioLoopPlanner").widgets["overlap_seconds"]
    assert (f"nothing in the graph says the overlap; overlap_seconds is {default:g}, the default" in remarks) == said
    assert (graph.node(100).widgets["overlap_seconds"] == default) == said
    assert ("the saved value stride_seconds 'x' fits no widget" in remarks) == (values[0] == "x")


def test_a_planner_takes_from_the_controller_what_is_a_number_that_it_can_have():
    document = _with("AudioLoopPlanner", [("audio", "AUDIO")], FLOATS, [18.88, 19.88], [("audio", "LoadAudio")])
    graph = Graph(document)
    controller = graph.add("AudioLoopController", id=200)
    names = list(controller.widgets)
    made = graph.to_document()
    raw = next(node for node in made["nodes"] if node["id"] == 200)
    raw["widgets_values"][names.index("overlap_seconds")] = -5.0
    raw["widgets_values"][names.index("fps")] = None
    migrated, remarks = _migrated(made)
    planner = migrated.node(100)
    fresh = graph.add("AudioLoopPlanner").widgets
    assert [planner.widgets[name] == fresh[name] for name in ("overlap_seconds", "fps")] == [True, True]
    assert "overlap_seconds of node 200" in remarks
    assert "is not taken over" in remarks
    assert "fps of node 200" not in remarks


def test_a_wire_whose_type_todays_input_does_not_take_is_gone_with_a_word():
    document = _with("AudioDuration", [("audio", "IMAGE")], [("duration_seconds", "FLOAT")], None, [("audio", "LoadImage")])
    graph, remarks = _migrated(document)
    assert graph.node(100).input("audio").link is None
    assert "audio takes AUDIO today, so the wire with IMAGE from node 1 (Load Image).IMAGE is gone" in remarks


def test_a_wire_to_an_input_that_does_not_take_todays_output_is_gone_with_a_word():
    outputs = [("duration_seconds", "FLOAT"), ("sample_rate", "INT"), ("num_samples", "INT")]
    document = _with("AudioDuration", [("audio", "AUDIO")], outputs, None, [], [(0, "PreviewImage", "images")])
    graph, remarks = _migrated(document)
    assert graph.one(type="PreviewImage").input("images").link is None
    assert "output 'duration_seconds' no longer feeds node 1 (Preview Image).images: " in remarks


def test_the_next_picture_of_a_keyframe_schedule_is_gone_with_a_word():
    outputs = [("image", "IMAGE"), ("next_image", "IMAGE"), ("blend_factor", "FLOAT")]
    feeds = [(0, "LTXVPreprocess", "image"), (1, "PreviewImage", "images")]
    values = [1, 18.88, "0:00+: 0\n0:40+: 1", 2.0, True]
    document = _with("KeyframeImageSchedule", [("images", "IMAGE")], outputs, values, [("images", "LoadImage")], feeds)
    graph, remarks = _migrated(document)
    node = graph.node(100)
    assert graph.one(type="LTXVPreprocess").input("image").source.name == "image"
    assert graph.one(type="PreviewImage").input("images").link is None
    assert "'next_image'" in remarks
    assert "'blend_seconds' was 2.0" in remarks
    assert (node.widgets["schedule"], node.widgets["stride_seconds"]) == ("0:00+: 0\n0:40+: 1", 18.88)


@pytest.mark.parametrize(
    "values",
    [
        [3, 18.88, "0:00+: text", 0.5, False],
        [3, 18.88, "0:00+: text", 0.5],
        ["0:00+: text", 3, 18.88, 0.5],
        {"schedule": "0:00+: text", "current_iteration": 3, "stride_seconds": 18.88, "blend_seconds": 0.5},
    ],
)
def test_values_of_a_prompt_schedule_in_any_order(values):
    outputs = [(name, "STRING") for name in ("prompt", "next_prompt", "blend_factor", "current_time")]
    prompt = to_api(chain.migrate(_with("TimestampPromptSchedule", [], outputs, values)).document)["100"]["inputs"]
    kept = {name: prompt[name] for name in ("current_iteration", "stride_seconds", "schedule", "blend_seconds")}
    assert kept == {"current_iteration": 3, "stride_seconds": 18.88, "schedule": "0:00+: text", "blend_seconds": 0.5}


def test_two_wires_for_one_input_keep_todays_and_name_the_other(kit):
    document = kit.sound()
    controller = next(node for node in document["nodes"] if node["id"] == 1582)
    controller["inputs"].append({"name": "seed", "type": "INT", "link": 9001})
    document["links"].append([9001, 526, 0, 1582, len(controller["inputs"]) - 1, "INT"])
    next(node for node in document["nodes"] if node["id"] == 526)["outputs"][0]["links"].append(9001)
    document["last_link_id"] = 9001
    graph, remarks = _migrated(document)
    assert "seed and base_seed are both wired" in remarks
    assert graph.node(1582).input("base_seed").source.node.type == "GetNode"


def test_a_node_pasted_into_a_file_of_todays_revision_is_seen(kit):
    document = chain.migrate(kit.april()).document
    controller = next(node for node in document["nodes"] if node["id"] == 1582)
    next(slot for slot in controller["inputs"] if slot["name"] == "base_seed")["name"] = "seed"
    assert chain.migrate(document).made == ("outdated_sockets",)


def test_a_graph_of_today_stays(kit):
    kit.check_leaves(kit.sound(), "outdated_sockets")
    kit.check_leaves(kit.ours(), "outdated_sockets")


def test_values_that_were_saved_by_name_are_put_in_order(kit):
    document = kit.ours()
    guider = next(node for node in document["nodes"] if node["type"] == "RandomNoise")
    guider["widgets_values"] = {"noise_seed": 7, "control_after_generate": "fixed", "gone": "x"}
    outcome = chain.migrate(document)
    made = next(node for node in outcome.document["nodes"] if node["id"] == guider["id"])
    assert made["widgets_values"] == [7, "fixed"]
    assert any("gone 'x'" in remark for remark in outcome.remarks)
