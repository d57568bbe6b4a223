"""Every shipped workflow is an app: its fields and results are there, in the file, under names that people read."""

from __future__ import annotations

import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.shipped import app, catalogue
from audio_loop.workflow_graph.shipped.video import LOOK

FOLDER = REPOSITORY / "example_workflows"
NAMES = sorted(catalogue.WORKFLOWS)
FOLDED = [name for name in NAMES if any(node["id"] == 2400 for node in catalogue.canvas(name)["nodes"])]
READABLE = re.compile(r"[A-Z][A-Za-z0-9]*( [A-Za-z0-9]+)*")


def shipped(name):
    return document.load_workflow(FOLDER / f"{name}.json")


def fields(workflow):
    """Label by node and widget, None for a widget that no file holds."""
    slots = {(node["id"], slot["name"]): slot for node in workflow["nodes"] for slot in node.get("inputs", ())}
    types = {node["id"]: node["type"] for node in workflow["nodes"]}
    found = {}
    for node_id, widget, *_ in workflow["extra"]["linearData"]["inputs"]:
        if app.SHOWN_BY_THE_BROWSER.get(types[node_id]) == widget:
            found[node_id, widget] = None
            continue
        slot = slots[node_id, widget]
        assert (slot["widget"]["name"], slot["link"]) == (widget, None)
        found[node_id, widget] = slot["label"]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_an_open_widget_of_the_front_with_a_label(name):
    labels = [label for label in fields(shipped(name)).values() if label is not None]
    assert labels
    assert [label for label in labels if not READABLE.fullmatch(label)] == []
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", NAMES)
def test_results_are_nodes_of_the_front_that_show_media_the_video_first(name):
    workflow = shipped(name)
    types = {node["id"]: node["type"] for node in workflow["nodes"]}
    shown = [types[node_id] for node_id in workflow["extra"]["linearData"]["outputs"]]
    assert shown[0] in app.VIDEOS
    assert set(shown) <= app.MEDIA


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_on_the_canvas(name):
    assert shipped(name)["extra"]["linearMode"] is False


@pytest.mark.parametrize("name", ["audio-loop-music-video_latent", "audio-loop_smoke"])
def test_song_picture_prompts_size_and_seed_are_asked_for_in_the_order_of_the_front(name):
    workflow = shipped(name)
    assert list(fields(workflow).values()) == ["Picture", "Song", None, "Prompts over time", "Width", "Height", "Seed", LOOK]
    assert workflow["extra"]["linearData"]["outputs"] == [1604, 1564]


def test_the_default_asks_for_its_stage_too_and_shows_both_videos():
    workflow = shipped("audio-loop-music-video")
    wanted = ["Picture", "Song", None, "Prompts over time", "Stage", "Width", "Height", "Seed", "Seed overrides"]
    assert list(fields(workflow).values()) == [*wanted, "Doctor"]
    entries = workflow["extra"]["linearData"]["inputs"]
    said = {entry[1]: entry[2]["description"] for entry in entries if len(entry) > 2}
    assert said["width"] == said["height"] == "pixels, a multiple of 64"
    assert workflow["extra"]["linearData"]["outputs"] == [1604, 2504]


@pytest.mark.parametrize("name", FOLDED)
def test_labels_of_settings_are_those_of_their_subgraph_too(name):
    workflow = shipped(name)
    definitions = {each["id"]: each for each in workflow["definitions"]["subgraphs"]}
    (render,) = [node for node in workflow["nodes"] if node["id"] == 2400]
    inner = {slot["name"]: slot.get("label") for slot in definitions[render["type"]]["inputs"]}
    assert {slot["name"]: slot.get("label") for slot in render["inputs"]} == inner
    settings = [slot for slot in render["inputs"] if "widget" in slot and slot["link"] is None]
    assert [slot["name"] for slot in settings if "label" not in slot] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_variant_adds_to_the_front_is_a_field_too(name):
    found = fields(shipped(name))
    marked = {
        (node["id"], slot["name"])
        for node in shipped(name)["nodes"]
        for slot in node.get("inputs", ())
        if (node.get("title") or " ")[0] in app.NUMBERS and "widget" in slot and slot["link"] is None
        if slot["name"] not in ("upload", "audioUI") and slot["name"] not in app.ON_THE_CANVAS_ONLY
    }
    whole = {(2205, "first"), (2205, "last")} if name == "audio-loop-music-video_retake" else set()
    assert marked - set(found) == whole


def test_widgets_of_the_browser_are_called_there_what_the_files_call_them():
    scripts = "".join(path.read_text("utf-8") for path in (REPOSITORY / "web").glob("*/*.mjs"))
    for kind, widget in app.SHOWN_BY_THE_BROWSER.items():
        assert kind in scripts
        assert re.search(rf'["`]{re.escape(widget)}["`]', scripts)


@pytest.mark.parametrize("make", [mend, chain.migrate])
def test_a_mended_and_a_migrated_graph_is_the_same_app(make):
    workflow = shipped("audio-loop-music-video_latent")
    workflow["extra"]["audio_loop"]["revision"] = 2
    levels = workflow["definitions"]["subgraphs"]
    (prepared,) = [node for level in levels for node in level["nodes"] if node["type"] == "LTXVPreprocess"]
    prepared["widgets_values"] = [0]
    made = make(workflow)
    assert made.document["definitions"] != workflow["definitions"]
    assert made.document["extra"]["linearData"] == workflow["extra"]["linearData"]
