"""The shipped workflow files: what the Python makes, sound, and with the node ids that guides name."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.shipped import catalogue
from audio_loop.workflow_graph.view import read

from ....prompt_ids import short

FOLDER = REPOSITORY / "example_workflows"
NAMES = sorted(catalogue.WORKFLOWS)
DEFAULT = "audio-loop-music-video_latent"
TWO_STAGES = "audio-loop-music-video"

GUIDE_IDS = {
    169: "ConditioningSelectByIteration",
    444: "LoadImage",
    565: "LoadAudio",
    567: "TrimAudioDuration",
    688: "PrimitiveFloat",
    1322: "RandomNoise",
    1539: "TensorLoopOpen",
    1540: "TensorLoopClose",
    1558: "TimestampPromptScheduleBatchEncode",
    1560: "AudioLoopPlanner",
    1582: "AudioLoopController",
    1604: "StreamingVideoSave",
}
SUBGRAPH_ID = 843
HALVED = (
    ("344", "width", 0),
    ("344", "height", 1),
    ("445", "resize_type.width", 0),
    ("445", "resize_type.height", 1),
)
"""Inputs of the draft that take half of the size instead of the size: node, input, output of the size."""
CIRCLED = "①②③④⑤⑥⑦⑧⑨"
MODEL_LOADERS = {
    "CheckpointLoaderSimple": "ckpt_name",
    "LoraLoaderModelOnly": "lora_name",
    "LTXAVTextEncoderLoader": "text_encoder",
}


@pytest.fixture(scope="module")
def build_workflows():
    spec = importlib.util.spec_from_file_location("build_workflows_script", REPOSITORY / "scripts" / "build_workflows.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(params=NAMES)
def workflow(request):
    return document.load_workflow(FOLDER / f"{request.param}.json")


@pytest.fixture(params=NAMES)
def prompt(request):
    return document.load(FOLDER / "api" / f"{request.param}.json")


def nodes_of(workflow):
    """The nodes of all levels."""
    return {node.id: node for level in read(workflow, strict=True).levels() for node in level.nodes.values()}


def test_files_are_what_the_python_makes(build_workflows, capsys):
    assert build_workflows.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_file_is_found_and_nothing_is_written(build_workflows, monkeypatch, tmp_path, capsys):
    file = build_workflows.FOLDER / f"{DEFAULT}.json"
    stale = tmp_path / "stale.json"
    stale.write_bytes(b"{}\n")
    monkeypatch.setattr(build_workflows, "files", lambda: iter([(stale, file.read_bytes())]))
    monkeypatch.setattr(build_workflows._bootstrap, "REPOSITORY", tmp_path)
    assert build_workflows.main(["--check"]) == 1
    assert "STALE" in capsys.readouterr().out
    assert stale.read_bytes() == b"{}\n"
    assert build_workflows.main([]) == 0
    assert stale.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_building_twice_gives_the_same_bytes(name):
    build = catalogue.WORKFLOWS[name]
    assert document.dumps(build().workflow()) == document.dumps(build().workflow())
    assert document.dumps(build().prompt()) == document.dumps(build().prompt())


def test_no_file_lies_there_that_no_python_makes():
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == NAMES
    assert sorted(path.stem for path in (FOLDER / "api").glob("*.json")) == NAMES


def test_every_workflow_has_its_thumbnail_and_no_other_lies_there():
    assert sorted(path.stem for path in FOLDER.glob("*.jpg")) == NAMES
    files = [*FOLDER.glob("*.jpg"), *(FOLDER / "classic").glob("*.jpg")]
    assert len(files) == len(NAMES) + 1
    assert all(path.read_bytes().startswith(b"\xff\xd8\xff") for path in files)


@pytest.mark.parametrize("name", NAMES)
def test_files_are_in_canonical_form(name):
    for path in (FOLDER / f"{name}.json", FOLDER / "api" / f"{name}.json"):
        data = path.read_bytes()
        assert document.dumps(document.loads(data)) == data


def test_workflow_holds_the_invariants(workflow):
    assert check(workflow) == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_api_form_is_what_the_frontend_would_send(name):
    sent = to_api(document.load_workflow(FOLDER / f"{name}.json"))
    stored = document.load(FOLDER / "api" / f"{name}.json")
    assert short(sent) == short(stored)


@pytest.mark.parametrize("name", NAMES)
def test_the_open_form_is_one_command_away_and_sends_the_same(name):
    flat = unfold(document.load_workflow(FOLDER / f"{name}.json"))
    assert (flat.ids, flat.notes, check(flat.document)) == ({}, (), ())
    assert to_api(flat.document) == short(document.load(FOLDER / "api" / f"{name}.json"))


def test_nodes_have_the_ids_that_guides_name():
    workflow = document.load_workflow(FOLDER / f"{DEFAULT}.json")
    found = {node_id: node.type for node_id, node in nodes_of(workflow).items() if node_id in GUIDE_IDS}
    assert found == GUIDE_IDS
    definitions = {level.id: level.name for level in read(workflow, strict=True).subgraphs.values()}
    assert "extension" in definitions[nodes_of(workflow)[SUBGRAPH_ID].type].lower()


def test_guide_ids_are_in_the_api_form_too():
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")
    found = {node_id: stored[str(node_id)]["class_type"] for node_id in GUIDE_IDS}
    assert found == GUIDE_IDS
    assert any(node_id.startswith(f"{SUBGRAPH_ID}:") for node_id in stored)


def test_no_other_pack_is_needed(prompt):
    snapshots = [document.load(path) for path in sorted((REPOSITORY / "workflow_graph" / "schemas").glob("*.json"))]
    known = {class_type for snapshot in snapshots for class_type in snapshot.get("nodes", snapshot)}
    assert "KSamplerSelect" in known
    assert {node["class_type"] for node in prompt.values()} - known == set()


def test_every_model_file_has_its_link_in_the_node_and_in_a_note(workflow):
    workflow = unfold(workflow).document
    texts = " ".join(str(node.widgets_values) for node in nodes_of(workflow).values() if "Note" in node.type)
    for node in nodes_of(workflow).values():
        files = {value for value in (node.widgets_values or ()) if str(value).endswith(".safetensors")}
        listed = node.properties.get("models", ())
        assert {model["name"] for model in listed} == files, node.title or node.type
        for model in listed:
            assert set(model) == {"name", "url", "directory", "size_gb"}
            assert model["url"].startswith("https://")
            if any(other.type == "LTXAVTextEncoderLoader" for other in nodes_of(workflow).values()):
                assert f"{model['url']}), {model['size_gb']} GB" in texts


def test_every_loader_of_the_default_is_looked_at():
    workflow = document.load_workflow(FOLDER / f"{DEFAULT}.json")
    assert {node.type for node in nodes_of(workflow).values()} >= set(MODEL_LOADERS)


def marks(workflow):
    """The numbers in circles that titles begin with."""
    return sorted(node.title[0] for node in nodes_of(workflow).values() if node.title and node.title[0] in CIRCLED)


def test_things_to_set_are_numbered_without_gap(workflow):
    found = marks(workflow)
    assert found
    assert found == list(CIRCLED[: len(found)])


def test_the_default_has_four_things_to_set():
    assert marks(document.load_workflow(FOLDER / f"{DEFAULT}.json")) == list("①②③④")


def test_defaults_are_those_of_the_default_render():
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")

    def value(node_id, name="value"):
        return stored[str(node_id)]["inputs"][name]

    def of_type(class_type):
        return [node["inputs"] for node in stored.values() if node["class_type"] == class_type]

    assert (value(688), value(2013), value(526)) == (19.88, 2.0, 25.0)
    assert value(567, "start_index") == 0
    (size,) = of_type("AudioLoopVideoSize")
    assert (size["width"], size["height"]) == (832, 448)
    (sigmas,) = of_type("ManualSigmas")
    numbers = [float(number) for number in sigmas["sigmas"].split(",")]
    assert numbers == [1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0]
    assert [inputs["cfg"] for inputs in of_type("CFGGuider")] == [1.0, 1.0]
    assert [inputs["sampler_name"] for inputs in of_type("KSamplerSelect")] == ["euler"]
    assert [inputs["img_compression"] for inputs in of_type("LTXVPreprocess")] == [18]
    assert [inputs["strength_model"] for inputs in of_type("LoraLoaderModelOnly")] == [0.5]
    (guide,) = of_type("LatentGuide")
    assert guide["frame_offset"] == -8


def test_the_negative_prompt_is_switched_on_by_one_bypass():
    workflow = document.load_workflow(FOLDER / f"{DEFAULT}.json")
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")
    guiders = [node_id for node_id, node in stored.items() if node["class_type"] == "CFGGuider"]
    assert len(guiders) == 2
    assert "508" not in stored
    assert (stored["268"]["class_type"], stored["268"]["inputs"]["mode"]) == ("AudioLoopHelperSageAttention", "auto_mask_aware")
    assert stored["268"]["inputs"]["model"] == ["2014", 0]
    assert [stored[node_id]["inputs"]["model"] for node_id in guiders] == [["268", 0]] * 2
    guidance = nodes_of(workflow)[508].raw
    assert guidance["mode"] == 4
    guidance["mode"] = 0
    sent = short(to_api(workflow))
    assert [sent[node_id.split(":")[-1]]["inputs"]["model"] for node_id in guiders] == [["508", 0]] * 2
    inputs = sent["508"]["inputs"]
    assert (inputs["nag_scale"], inputs["nag_alpha"], inputs["nag_tau"]) == (11, 0.25, 2.5)
    assert (inputs["model"], inputs["negative"]) == (["268", 0], ["164", 1])


def test_loop_is_driven_by_the_planner_and_stopped_by_the_controller():
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")
    planner_outputs = ["summary", "total_iterations"]
    assert stored["1539"]["inputs"]["iterations_in"] == ["1560", planner_outputs.index("total_iterations")]
    controller_outputs = ["start_index", "should_stop"]
    assert stored["1540"]["inputs"]["stop"] == ["1582", controller_outputs.index("should_stop")]


def test_start_and_loop_take_the_picture_from_one_preparation():
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")
    prepared = [[node_id, 0] for node_id, node in stored.items() if node["class_type"] == "LTXVPreprocess"]
    assert len(prepared) == 1
    (start,) = [node["inputs"] for node in stored.values() if node["class_type"] == "LTXVImgToVideoInplace"]
    (guide,) = [node["inputs"] for node in stored.values() if node["class_type"] == "LatentGuide"]
    encoded = stored[guide["guide_latent"][0]]
    assert encoded["class_type"] == "VAEEncode"
    assert [start["image"], encoded["inputs"]["pixels"]] == prepared * 2


def test_nothing_is_encoded_inside_the_loop():
    stored = document.load(FOLDER / "api" / f"{DEFAULT}.json")
    encoders = ("Encode", "VAE", "Loader", "TextEncode", "Decode")

    def sources(node_id):
        links = [value for value in stored[node_id]["inputs"].values() if isinstance(value, list)]
        return {str(source) for source, _ in links if str(source) in stored}

    def upstream(node_id):
        reached, waiting = set(), [node_id]
        while waiting:
            for source in sources(waiting.pop()) - reached:
                reached.add(source)
                waiting.append(source)
        return reached

    body = {"1540"} | {node_id for node_id in upstream("1540") if "1539" in upstream(node_id)}
    assert len(body) > 10
    types = {node_id: stored[node_id]["class_type"] for node_id in body}
    assert {i: t for i, t in types.items() if any(word in t for word in encoders)} == {}


def test_nothing_of_this_machine_is_in_the_files():
    for path in [*FOLDER.glob("*.json"), *(FOLDER / "api").glob("*.json")]:
        text = path.read_text("utf-8")
        assert not any(word in text for word in ("/root/", "/home/", "/work/", "C:\\\\", "127.0.0.1")), path.name


def test_the_workflow_of_two_stages_comes_first_and_begins_with_the_draft():
    assert next(iter(catalogue.WORKFLOWS)) == TWO_STAGES
    assert min(f"{name}.json" for name in NAMES) == f"{TWO_STAGES}.json"
    stored = document.load(FOLDER / "api" / f"{TWO_STAGES}.json")
    assert stored["2500"]["inputs"]["stage"] == "draft"
    assert [stored[video]["inputs"]["latent"] for video in ("1604", "2504")] == [["2500", 0], ["2529", 1]]
    # One node that waited for both would give the draft's video after the finish.
    assert "finished" not in stored["2500"]["inputs"]
    assert stored["2529"]["inputs"] == {"stage": ["2500", 2], "finished": ["2514", 0]}


def test_the_draft_is_the_loop_of_one_stage_at_half_the_size():
    one, two = (document.load(FOLDER / "api" / f"{name}.json") for name in (DEFAULT, TWO_STAGES))
    assert {i: two[i]["class_type"] for i in one} == {i: node["class_type"] for i, node in one.items()}
    other = {
        (i, name): (node["inputs"][name], two[i]["inputs"][name])
        for i, node in one.items()
        for name in node["inputs"]
        if node["inputs"][name] != two[i]["inputs"][name]
    }
    halves = {(i, name): (["1634", slot], ["1634", slot + 2]) for i, name, slot in HALVED}
    assert other == {
        ("1634", "width"): (832, 1280),
        ("1634", "height"): (448, 704),
        ("1634", "multiple_of"): ("32", "64"),
        **halves,
        ("531", "strength"): (1.0, 0.7),
        ("1604", "latent"): (["1605", 0], ["2500", 0]),
        ("1604", "filename_prefix"): ("video/audio_loop", "video/audio_loop_draft"),
    }


def test_the_finish_is_refined_at_full_size_with_the_picture_held():
    stored = document.load(FOLDER / "api" / f"{TWO_STAGES}.json")
    resized = stored["2508"]["inputs"]
    assert (resized["input"], resized["resize_type.width"]) == (stored["445"]["inputs"]["input"], ["1634", 0])
    assert stored["2509"]["inputs"]["img_compression"] == stored["446"]["inputs"]["img_compression"]
    guide = stored["2517:2521"]["inputs"]
    assert (guide["guide_latent"], guide["strength"], guide["frame_offset"]) == (["2510", 0], 1.0, -8)
    assert stored["2511"]["inputs"]["sigmas"] == "0.85, 0.7250, 0.4219, 0.0"
    planner = stored["2505"]["inputs"]
    assert (stored["2502"]["inputs"]["value"], stored["2503"]["inputs"]["value"], planner["order"]) == (
        8.0,
        1.0,
        "anchors first",
    )
    assert (planner["audio"], planner["base_seed"]) == (
        stored["1560"]["inputs"]["audio"],
        stored["1560"]["inputs"]["base_seed"],
    )
