"""The shipped workflows as a new user meets them: picked in the Templates browser, and with what came of a run."""

from __future__ import annotations

import json

import pytest

from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.shipped import catalogue

from ..prompt_ids import renamed_nodes, short
from . import boxes, toy

DEFAULT = "audio-loop-music-video_latent"
SONG_SECONDS = 3.0
WITH_EVERY_KIND_OF_NODE_THAT_GROWS = (
    DEFAULT,
    "audio-loop-music-video_image",
    "audio-loop-music-video_retake",
    "audio-loop_finish-from-checkpoint",
)

FITTED = "() => window.app.canvas.ds.scale >= 0.6 && window.app.canvas.ds.scale < 1"
TYPES_NOBODY_KNOWS = """() => {
    const graphs = [window.app.graph, ...window.app.graph.subgraphs.values()];
    return graphs.flatMap((graph) => graph.nodes).filter((node) => node.has_errors && node.constructor.nodeData === undefined)
        .map((node) => node.type);
}"""
SET_FOR_THE_TOY = """([values, encoder]) => {
    const levels = [window.app.graph, ...window.app.graph.subgraphs.values()];
    const node = (id) => levels.map((level) => level.getNodeById(id)).find(Boolean);
    for (const [id, name, value] of values) {
        const widget = node(id).widgets.find((each) => each.name === name);
        widget.value = value;
    }
    const old = node(416), level = old.graph;
    const toy = window.LiteGraph.createNode("DemoTinyTextEncoderLoader");
    level.add(toy);
    for (const [name, value] of encoder) toy.widgets.find((each) => each.name === name).value = value;
    const targets = old.outputs[0].links.map((id) => level.links.get(id)).map((l) => [l.target_id, l.target_slot]);
    for (const [id, slot] of targets) {
        if (id === level.outputNode?.id) level.outputNode.slots[slot].connect(toy.outputs[0], toy);
        else toy.connect(0, level.getNodeById(id), slot);
    }
    level.remove(old);
}"""
SMALL = [(2400, "width", 64), (2400, "height", 64), (2400, "overlap_seconds", 0.36), (2400, "window_seconds", 1.96)]
BUTTONS = """() => window.app.graph.getNodeById(2400).widgets.filter((widget) => widget.type === "button")
    .map((widget) => widget.name)"""


def ui_form(name):
    return json.loads((REPOSITORY / "example_workflows" / f"{name}.json").read_text("utf-8"))


def api_form(name):
    return json.loads((REPOSITORY / "example_workflows" / "api" / f"{name}.json").read_text("utf-8"))


def as_folded(prompt, name):
    """A prompt of the flat form, with the ids that its nodes have inside the subgraphs of the UI form."""
    ids = {identity.split(":")[-1]: identity for identity in to_api(ui_form(name))}
    return renamed_nodes(prompt, lambda identity: ids[identity.split(":")[-1]])


@pytest.fixture
def comparable(frontend_release):
    """A prompt as it is for the frontend that ComfyUI pins, without what a newer one names in another way."""

    def compared(prompt):
        return short(dict(prompt) if frontend_release == "pinned" else frontend.executed(prompt))

    return compared


@pytest.mark.shown_in("all")
def test_every_shipped_workflow_opens_and_sends_our_api_form_and_no_node_covers_another(
    page, console_errors, comfy, comparable, frontend_release, renderer, tmp_path
):
    comfy.add_input(write_picture(tmp_path / "example.png"))
    comfy.add_input(write_song(tmp_path / "song.mp3", SONG_SECONDS))
    # The other two combinations differ from these in a few pixels only.
    every = 1 if (frontend_release, renderer) in (("pinned", "canvas"), ("newest", "nodes2")) else 5
    for name in list(catalogue.WORKFLOWS)[::every]:
        frontend.show(page, ui_form(name))
        assert (name, page.evaluate(TYPES_NOBODY_KNOWS)) == (name, [])
        assert (name, comparable(frontend.sent_by_run(page))) == (name, comparable(api_form(name)))
        page.evaluate("() => window.app.extensionManager.command.execute('Comfy.Canvas.FitView')")
        page.wait_for_function(FITTED, timeout=frontend.READY_MS)
        assert (name, boxes.crossings(page)) == (name, [])
        # The chapters of the others are the default's, but for a node.
        levels = None if name in WITH_EVERY_KIND_OF_NODE_THAT_GROWS else 1
        assert (name, boxes.in_the_way(page, levels)) == (name, {})
        assert (name, console_errors) == (name, [])


def test_no_node_covers_another_when_all_show_what_came_of_a_run(page, comfy, tmp_path):
    comfy.add_input(write_picture(tmp_path / "example.png"))
    comfy.add_input(write_song(tmp_path / "song.mp3", SONG_SECONDS))
    for seed, name in enumerate(WITH_EVERY_KIND_OF_NODE_THAT_GROWS):
        frontend.show(page, ui_form(name))
        # A seed of its own: what is known shows nothing.
        assert (name, toy.run(page, as_folded(toy.toy(api_form(name), seed), name))) == (name, "")
        assert (name, boxes.in_the_way(page)) == (name, {})
