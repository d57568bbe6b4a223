"""A classic graph without other packs: sound, nothing foreign left, same values, and every loss named."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.audit.engine import audit
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.loaded_view import BROWSER_ONLY
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations.modernize import modernize as modern

VARIANTS = {
    "sound": {},
    "core decoder": {"decoder": "core"},
    "spatiotemporal": {"decoder": "spatiotemporal", "decoder_widgets": (1, 1, 63, 6)},
    "audio in the loop": {"audio_in_loop": True},
    "picture in the loop": {"encode_in_loop": True, "raw_guide": True},
    "text in the loop": {"clip_in_loop": True},
    "cropped before the guider": {"crop_before_guider": True},
    "mask left on the context": {"strip_context": False},
    "another size": {"width": 960, "height": 544},
}


def _packs(graph):
    return {
        node.schema.pack if node.schema else node.type
        for node in graph.nodes
        if node.definition is None and node.type not in BROWSER_ONLY
    }


@pytest.mark.parametrize("name", VARIANTS)
def test_no_other_pack_is_needed_and_nothing_breaks(kit, name):
    before = kit.sound(**VARIANTS[name])
    text = json.dumps(before)
    outcome = modern.modernize(before)
    assert json.dumps(before) == text
    graph = Graph(outcome.document)
    assert check(outcome.document) == ()
    assert _packs(graph) <= modern.OUR_PACKS
    assert not {"SetNode", "GetNode"} & {node.type for node in graph.nodes}
    found = audit(outcome.document).reported
    assert [r.rule.code for r in found if r.severity.value == "ERR"] == []


def test_twice_is_the_same_bytes(kit):
    once = modern.modernize(kit.april())
    again = modern.modernize(once.document)
    assert again.made == ()
    assert documents.dumps(again.document) == documents.dumps(once.document)


def test_the_graph_of_april(kit):
    outcome = modern.modernize(kit.april())
    assert _packs(Graph(outcome.document)) <= modern.OUR_PACKS
    assert check(outcome.document) == ()
    assert [r.rule.code for r in audit(outcome.document).reported if r.severity.value == "ERR"] == []


def test_values_and_wires_are_carried_over(kit):
    prompt = to_api(modern.modernize(kit.sound(width=960, height=544)).document)
    by_type = {node["class_type"]: (key, node["inputs"]) for key, node in prompt.items()}
    assert prompt["1604"]["class_type"] == "StreamingVideoSave"
    saver = prompt["1604"]["inputs"]
    assert (saver["fps"], saver["crf"], saver["filename_prefix"], saver["format"]) == (25, 19, "audio_loop", "h264-mp4")
    assert (saver["latent"], saver["vae"], saver["audio"], saver["frames"][0]) == (["1605", 0], ["1537", 0], ["567", 0], "1560")
    nag = prompt["508"]["inputs"]
    assert (nag["nag_scale"], nag["nag_alpha"], nag["nag_tau"], nag["video"], nag["audio"]) == (11.0, 0.25, 2.5, True, False)
    assert nag["negative"] == ["507", 0]
    size = by_type["AudioLoopVideoSize"]
    assert (size[1]["width"], size[1]["height"]) == (960, 544)
    assert prompt["344"]["inputs"]["width"] == [size[0], 0]
    assert prompt["843:1519"]["inputs"]["frame_offset"] == -8
    assert prompt["843:1519"]["inputs"]["strength"] == ["1269", 0]
    window = prompt["843:606"]
    assert window["class_type"] == "LoopWindowLatent"
    assert window["inputs"]["plan"] == ["1560", 5]
    assert window["inputs"]["current_iteration"] == ["1539", 3]
    audio = prompt[window["inputs"]["audio_latent"][0]]
    assert audio["class_type"] == "AudioLatentWindow"
    encoder = prompt[audio["inputs"]["audio_latent"][0]]
    assert encoder["class_type"] == "AudioLoopEncodeSong"
    assert encoder["inputs"]["plan"] == ["1560", 5]


def test_losses_are_named(kit):
    remarks = " ".join(modern.modernize(kit.sound()).remarks)
    assert "crops to the middle, not to the top" in remarks
    assert "LTXV Chunk FeedForward" in remarks


def test_the_separated_voice_is_a_loss_only_where_it_ran(kit):
    document = kit.sound()
    assert not any("voice" in remark for remark in modern.modernize(document).remarks)
    for node in document["nodes"]:
        if node["type"] == "MelBandRoFormerSampler":
            node["mode"] = 0
    assert any("voice" in remark for remark in modern.modernize(document).remarks)


@pytest.mark.parametrize(("index", "frame"), [(-2, -16), (-1, -8), (0, 0), (1, 1), (4, 25)])
def test_a_latent_index_becomes_its_pixel_frame(kit, index, frame):
    graph = Graph(kit.sound())
    graph.node(1519).widgets["latent_idx"] = index
    after = Graph(modern.modernize(graph.to_document()).document)
    assert after.node(1519).widgets["frame_offset"] == frame


def test_a_rate_that_is_no_whole_number_is_wired(kit):
    after = Graph(modern.modernize(kit.sound(video_fps=23.976)).document)
    assert after.node(1604).input("fps").source.node.widgets["value"] == 23.976


def test_an_unknown_node_stays_and_is_named(kit):
    document = kit.sound()
    document["nodes"].append({"id": 9000, "type": "SomebodysNode", "pos": [0, 0], "inputs": [], "outputs": [], "mode": 0})
    document["last_node_id"] = 9000
    outcome = modern.modernize(document)
    assert any(node["type"] == "SomebodysNode" for node in outcome.document["nodes"])
    assert any("SomebodysNode" in remark for remark in outcome.remarks)


def test_the_planner_and_the_resize_of_the_older_pack(kit):
    graph = Graph(kit.sound())
    planner = graph.add(
        "LTXFramePlanner", widgets={"target_width": 960, "target_height": 544, "target_seconds": 20.0, "fps": 25}
    )
    prefix = graph.add("RunIdPrefix", widgets={"workflow_name": "clip"})
    resize = graph.node(445)
    graph.swap(
        resize,
        "LTXSmartImageResize",
        outputs={"IMAGE": "image", "mask": None},
        widgets=dict.fromkeys(resize.widgets),
    )
    for output, node, name in (
        ("width", 445, "width"),
        ("height", 445, "height"),
        ("frames", 344, "length"),
        ("actual_seconds", 1560, "window_seconds"),
        ("fps_int", 1560, "fps"),
        ("fps_float", 164, "frame_rate"),
    ):
        graph.connect(planner.output(output), graph.node(node).input(name))
    graph.connect(prefix.output("video_prefix"), graph.node(617).input("filename_prefix"))
    outcome = modern.modernize(graph.to_document())
    assert check(outcome.document) == ()
    assert _packs(Graph(outcome.document)) <= modern.OUR_PACKS
    prompt = to_api(outcome.document)

    def fed(node, name):
        source = prompt[prompt[node]["inputs"][name][0]]
        return source["class_type"], source["inputs"].get("value")

    assert fed("344", "length") == ("PrimitiveInt", 497)
    assert fed("1560", "window_seconds") == ("PrimitiveFloat", 19.88)
    assert (fed("1560", "fps"), fed("164", "frame_rate")) == (("PrimitiveInt", 25), ("PrimitiveFloat", 25.0))
    assert fed("1604", "filename_prefix") == ("PrimitiveString", "video/clip")
    size = prompt[prompt["344"]["inputs"]["width"][0]]
    assert (size["class_type"], size["inputs"]["width"], size["inputs"]["height"]) == ("AudioLoopVideoSize", 960, 544)


def test_ours_stays_as_it_is(kit):
    document = kit.ours()
    outcome = modern.modernize(document)
    assert (outcome.document, outcome.remarks) == (document, ())


def _modernize(*arguments):
    command = [sys.executable, "-S", str(REPOSITORY / "scripts" / "modernize_workflow.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_elsewhere_and_overwrites_nothing(kit, tmp_path):
    path, out = tmp_path / "a.json", tmp_path / "b.json"
    documents.save(kit.sound(), path)
    before = path.read_bytes()
    done = _modernize(path, "-o", out)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "not carried over" in done.stdout
    made = out.read_bytes()
    assert _packs(Graph(documents.load_workflow(out))) <= modern.OUR_PACKS
    out.write_bytes(b"mine")
    assert _modernize(path, "-o", out).returncode == 2
    assert (path.read_bytes(), out.read_bytes()) == (before, b"mine")
    assert _modernize(path, "-o", out, "--force").returncode == 1
    assert out.read_bytes() == made
    bad = tmp_path / "bad.json"
    bad.write_bytes(b'{"1": {"class_type": "X", "inputs": {}}}')
    refused = _modernize(bad, "-o", tmp_path / "c.json")
    assert refused.returncode == 2
    assert "API prompt" in refused.stderr
    assert "Traceback" not in refused.stderr
