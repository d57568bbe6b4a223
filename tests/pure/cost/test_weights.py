"""A model file is known by its header, and nothing else of it is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audio_loop.cost.architecture import PUBLISHED_22B, ArchitectureError, architecture_of
from audio_loop.cost.weights import HeaderError, Precision, read_weights, weights_of

TRUE = json.loads((Path(__file__).parents[2] / "golden" / "ltx23_configuration.json").read_text("utf-8"))
BLOCK = "transformer_blocks.0.audio_attn1.to_q.weight"


def header(prefix="model.diffusion_model.", dtype="F8_E4M3", *, config=TRUE):
    return {
        **({} if config is None else {"__metadata__": {"config": json.dumps(config)}}),
        f"{prefix}{BLOCK}": {"dtype": dtype, "shape": [2048, 2048], "data_offsets": [0, 4_000_000]},
        f"{prefix}proj_out.weight": {"dtype": "BF16", "shape": [128, 4096], "data_offsets": [4_000_000, 5_000_000]},
        "vae.decoder.conv_in.conv.weight": {"dtype": "BF16", "shape": [1], "data_offsets": [5_000_000, 9_000_000]},
    }


def test_a_checkpoint_says_architecture_size_and_numbers():
    weights = weights_of(header(), "ltx.safetensors")
    assert (weights.architecture, weights.is_from_file) == (PUBLISHED_22B, True)
    assert (weights.transformer_bytes, weights.precision) == (5_000_000, Precision.FP8)


@pytest.mark.parametrize("prefix", ["", "diffusion_model."])
def test_a_transformer_that_is_kept_alone(prefix):
    assert weights_of(header(prefix), "alone.safetensors").transformer_bytes == 5_000_000


@pytest.mark.parametrize(("dtype", "precision"), [("BF16", "bf16"), ("F32", "bf16"), ("I8", "int8"), ("U8", "fp4")])
def test_numbers_by_what_most_weights_are_stored_as(dtype, precision):
    assert weights_of(header(dtype=dtype), "x").precision is Precision(precision)


def test_a_file_without_a_configuration_is_counted_as_the_published_model():
    weights = weights_of(header(config=None), "cut.safetensors")
    assert (weights.architecture, weights.is_from_file) == (PUBLISHED_22B, False)
    assert not weights_of(header(config={"vae": {}}), "cut.safetensors").is_from_file


def test_missing_keys_mean_what_they_mean_to_comfyui():
    small = architecture_of({"num_layers": 2, "attention_head_dim": 32, "num_attention_heads": 2})
    assert (small.num_layers, small.video_width, small.audio_width, small.connector_width) == (2, 64, 2048, 3840)
    assert not small.apply_gated_attention


WRONG = [
    {"num_layers": 0},
    {"num_layers": True},
    {"attention_head_dim": "128"},
    {"cross_attention_adaln": 1},
    {"positional_embedding_max_pos": []},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_configuration_of_something_else_is_refused(wrong):
    with pytest.raises(ArchitectureError):
        architecture_of({**TRUE["transformer"], **wrong})
    with pytest.raises(HeaderError, match=r"odd\.safetensors"):
        weights_of(header(config={"transformer": wrong}), "odd.safetensors")


def write(path, entries, *, length=None):
    text = json.dumps(entries).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text)
    return path


def test_only_the_header_of_a_file_is_read(tmp_path):
    path = write(tmp_path / "model.safetensors", header())
    assert read_weights(path).transformer_bytes == 5_000_000, "none of the nine megabytes that it lists is there"


def test_files_that_are_none_are_refused_by_name(tmp_path):
    (tmp_path / "short.safetensors").write_bytes(b"abc")
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + b"\xff" * 60)
    write(tmp_path / "cut.safetensors", header(), length=10_000)
    write(tmp_path / "list.safetensors", [1, 2])
    write(tmp_path / "sd.safetensors", {"model.diffusion_model.input_blocks.0": {"dtype": "F16", "data_offsets": [0, 2]}})
    write(tmp_path / "endless.safetensors", {BLOCK: {"dtype": "BF16", "data_offsets": [0]}})
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(HeaderError, match=path.name.replace(".", r"\.")):
            read_weights(path)
    with pytest.raises(OSError, match="folder"):
        read_weights(tmp_path)


@pytest.mark.parametrize(("config", "precision"), [({}, "fp8"), ({"full_precision_matrix_mult": True}, "bf16")])
def test_a_layer_that_is_unpacked_first_is_computed_in_bf16(tmp_path, config, precision):
    said = json.dumps({"format": "float8_e4m3fn", **config}).encode()
    layer = "model.diffusion_model.transformer_blocks.0.audio_attn1.to_q"
    beside = {"dtype": "U8", "shape": [len(said)], "data_offsets": [3, 3 + len(said)]}
    path = write(tmp_path / "beside.safetensors", {**header(), f"{layer}.comfy_quant": beside})
    with path.open("ab") as file:
        file.write(b"..." + said)
    assert read_weights(path).precision is Precision(precision)
    in_header = header()
    in_header["__metadata__"]["_quantization_metadata"] = json.dumps({"layers": {layer: {"format": "f", **config}}})
    assert read_weights(write(tmp_path / "header.safetensors", in_header)).precision is Precision(precision)


@pytest.mark.parametrize("said", ["[]", "{}", '{"layers": {}}', '{"layers": {"a": 1}}', "no json"])
def test_words_of_a_layer_that_cannot_be_read_say_nothing(tmp_path, said):
    odd = header()
    odd["__metadata__"]["_quantization_metadata"] = said
    assert read_weights(write(tmp_path / "odd.safetensors", odd)).precision is Precision.FP8


def test_a_gguf_is_unpacked_and_counts_with_its_size(tmp_path):
    path = tmp_path / "ltx-Q4_K_M.gguf"
    path.write_bytes(b"GGUF\x03" + bytes(995))
    weights = read_weights(path)
    assert (weights.transformer_bytes, weights.precision, weights.is_from_file) == (1000, Precision.BF16, False)
