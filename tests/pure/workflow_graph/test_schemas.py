from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document, schema_snapshot
from audio_loop.workflow_graph.schemas import SchemaError, Schemas, is_valid_connection

SCHEMAS = Schemas.load()


@pytest.mark.parametrize(
    ("node_type", "values", "expected"),
    [
        ("KSampler", {}, "seed control_after_generate steps cfg sampler_name scheduler denoise"),
        ("RandomNoise", {}, "noise_seed control_after_generate"),
        ("PrimitiveInt", {}, "value control_after_generate"),
        ("LoadImage", {}, "image upload"),
        ("LoadAudio", {}, "audio upload"),
        ("VAEDecodeTiled", {}, "tile_size overlap temporal_size temporal_overlap"),
        ("LTXVEmptyLatentAudio", {}, "frames_number frame_rate batch_size"),
        ("ComfyMathExpression", {}, "expression"),
        ("GLSLShader", {}, "fragment_shader size_mode"),
        (
            "ResizeImageMaskNode",
            {},
            "resize_type resize_type.width resize_type.height resize_type.crop scale_method",
        ),
        ("ResizeImageMaskNode", {"resize_type": "scale by multiplier"}, "resize_type resize_type.multiplier scale_method"),
        ("SaveVideo", {}, "filename_prefix format format.codec codec"),
        (
            "SaveVideo",
            {"format": "mp4", "format.codec": "h264", "format.codec.encoding": "re-encode"},
            "filename_prefix format format.codec format.codec.encoding format.codec.encoding.crf "
            "format.codec.encoding.color_space codec",
        ),
    ],
)
def test_widget_order(node_type: str, values: dict, expected: str) -> None:
    assert [widget.name for widget in SCHEMAS[node_type].widgets(values)] == expected.split()


@pytest.mark.parametrize(
    ("node_type", "linked", "expected"),
    [
        ("KSampler", (), "model positive negative latent_image seed steps cfg sampler_name scheduler denoise"),
        ("CLIPTextEncode", (), "clip text"),
        ("ComfyMathExpression", (), "values.a values.b expression"),
        ("ComfyMathExpression", ("values.c",), "values.a values.b values.c values.d expression"),
        ("BatchImagesNode", ("images.image0", "images.image1"), "images.image0 images.image1 images.image2"),
    ],
)
def test_socket_order(node_type: str, linked: tuple, expected: str) -> None:
    assert [spec.name for spec in SCHEMAS[node_type].sockets({}, linked)] == expected.split()


def test_widget_values_by_name_and_back() -> None:
    schema = SCHEMAS["ResizeImageMaskNode"]
    saved = ["scale longer dimension", 1536, "lanczos"]
    named = schema.read_widgets(saved)
    assert named == {"resize_type": "scale longer dimension", "resize_type.longer_size": 1536, "scale_method": "lanczos"}
    assert schema.write_widgets(named) == saved


def test_missing_values_are_defaults_and_surplus_is_ignored() -> None:
    schema = SCHEMAS["KSampler"]
    assert schema.read_widgets([7])["steps"] == 20
    assert schema.read_widgets([7])["seed"] == 7
    assert schema.read_widgets(None)["denoise"] == 1.0
    assert list(schema.read_widgets(list(range(20)))) == [widget.name for widget in schema.widgets()]


def test_values_saved_as_a_mapping() -> None:
    assert SCHEMAS["KSampler"].read_widgets({"steps": 3})["steps"] == 3


def test_control_widgets_are_not_sent() -> None:
    sent = [widget.name for widget in SCHEMAS["KSampler"].widgets() if widget.in_prompt]
    assert "control_after_generate" not in sent
    assert "upload" not in [widget.name for widget in SCHEMAS["LoadImage"].widgets() if widget.in_prompt]


def test_every_core_node_survives_its_own_defaults() -> None:
    for node_type in SCHEMAS.types:
        schema = SCHEMAS[node_type]
        values = schema.read_widgets(None)
        assert schema.read_widgets(schema.write_widgets(values)) == values, node_type
        assert len({spec.name for spec in schema.sockets(values)}) == len(schema.sockets(values)), node_type


def test_unknown_names_list_what_exists() -> None:
    with pytest.raises(SchemaError, match="KSampler"):
        SCHEMAS["KSamplr"]
    with pytest.raises(SchemaError, match="latent_image"):
        SCHEMAS["KSampler"].input("latent")
    with pytest.raises(SchemaError, match="'MASK'"):
        SCHEMAS["LoadImage"].output_index("LATENT")


def test_outputs_by_name_type_and_slot() -> None:
    schema = SCHEMAS["LoadImage"]
    assert [schema.output_index(key) for key in ("IMAGE", "mask", 1)] == [0, 1, 1]
    assert SCHEMAS["LTXVSeparateAVLatent"].output_index("audio_latent") == 1


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        ("IMAGE", "IMAGE", True),
        ("image", "IMAGE", True),
        ("IMAGE", "LATENT", False),
        ("*", "LATENT", True),
        ("", "LATENT", True),
        ("INT", "FLOAT,INT", True),
        ("FLOAT,BOOLEAN", "INT,BOOLEAN", True),
        ("STRING", "FLOAT,INT", False),
        ("INT", "FLOAT", False),
    ],
)
def test_connections(one: str, other: str, fits: bool) -> None:
    assert is_valid_connection(one, other) is fits
    assert is_valid_connection(other, one) is fits


def test_match_type_members_share_a_group() -> None:
    schema = SCHEMAS["ComfySwitchNode"]
    groups = {spec.name: spec.match_group for spec in schema.inputs}
    assert groups["on_true"] == groups["on_false"] == schema.outputs[0].match_group != ""


def test_snapshot_keeps_what_matters_and_is_one_node_a_line() -> None:
    info = {
        "Mine": {
            "input": {"required": {"b": ["INT", {"default": 1, "tooltip": "x"}], "a": [["p", "q"], {}]}},
            "input_order": {"required": ["a", "b"]},
            "output": ["IMAGE", ["p", "q"]],
            "output_name": ["out", "choice"],
            "output_is_list": [False, True],
            "display_name": "My node",
            "description": "long",
            "python_module": "custom_nodes.folder.nodes",
            "output_node": True,
        }
    }
    packs = schema_snapshot.split(info, {"folder": "my-pack"})
    assert list(packs) == ["my-pack"]
    data = schema_snapshot.to_bytes("my-pack", "0.33.0", packs["my-pack"])
    read = document.loads(data)
    assert read["nodes"] == packs["my-pack"]
    assert sum(line.startswith(b'    "') for line in data.splitlines()) == 1
    schema = Schemas.from_entries("my-pack", read["nodes"])["Mine"]
    assert [spec.name for spec in schema.inputs] == ["a", "b"]
    assert schema.inputs[0].choices == ("p", "q")
    assert [(o.name, o.type, o.is_list) for o in schema.outputs] == [("out", "IMAGE", False), ("choice", "COMBO", True)]
    assert (schema.pack, schema.title, schema.is_output) == ("my-pack", "My node", True)
    assert b"tooltip" not in data


def test_committed_snapshots_are_in_the_form_that_the_script_writes() -> None:
    for path in schema_snapshot.FOLDER.glob("*.json"):
        whole = document.load(path)
        assert schema_snapshot.to_bytes(whole["pack"], whole["comfyui"], whole["nodes"]) == path.read_bytes()


def test_lists_of_files_are_not_kept() -> None:
    def entry(files: list, how: list) -> dict:
        nested = {"options": [{"key": "a", "inputs": {"required": {"lora": [files]}}}]}
        specs = {"file": [files, {"tip": 1}], "how": ["COMBO", {"options": how}], "deep": ["COMFY_DYNAMICCOMBO_V3", nested]}
        return {"A": {"required": specs}}

    fresh = entry(["pixel_space"], ["x", "y"])
    probed = entry([f"{schema_snapshot.PROBE}.safetensors", "pixel_space"], ["x", "y"])
    stripped = schema_snapshot.without_files(fresh, probed)
    assert stripped["A"]["required"]["file"] == [[], {"tip": 1, "files": True}]
    assert stripped["A"]["required"]["deep"][1]["options"][0]["inputs"]["required"]["lora"] == [[], {"files": True}]
    assert stripped["A"]["required"]["how"] == ["COMBO", {"options": ["x", "y"]}]
    assert fresh == entry(["pixel_space"], ["x", "y"]), "the argument must not change"
    # A later run on another machine that does not look for files keeps what the snapshot on disk says.
    assert schema_snapshot.without_files(entry(["a.png"], ["x", "y"]), stripped) == stripped
    assert schema_snapshot.without_files(entry(["a.png"], ["x"]), stripped) != stripped


def test_no_committed_snapshot_lists_a_file() -> None:
    marked = 0
    for node_type in SCHEMAS.types:
        for spec in _all_inputs(SCHEMAS[node_type].inputs):
            if spec.options.get(schema_snapshot.FILES):
                marked += 1
                assert spec.choices == (), (node_type, spec.name)
            assert not [c for c in spec.choices if str(c).lower().endswith((".safetensors", ".pt", ".ckpt", ".png", ".wav"))]
    assert marked > 50


def test_a_vae_is_any_file() -> None:
    schema = SCHEMAS["VAELoader"]
    assert schema.input("vae_name").choices == ()
    assert schema.read_widgets(["LTX23_video_vae_bf16.safetensors"]) == {"vae_name": "LTX23_video_vae_bf16.safetensors"}


def _all_inputs(inputs: tuple) -> list:
    found = list(inputs)
    for spec in inputs:
        if spec.type == "COMFY_DYNAMICCOMBO_V3":
            found += [deep for key in spec.choices for deep in _all_inputs(spec.option_inputs(key))]
    return found
