"""Each thing that decides a window is changed in turn; what does not decide it is changed too."""

import copy
import os
import time

import pytest
import torch

from audio_loop.checkpoints.fingerprint.file_hashes import FileHashes
from audio_loop.checkpoints.fingerprint.fingerprint import explain_difference
from audio_loop.checkpoints.fingerprint.graph_rules import GraphRules
from audio_loop.checkpoints.fingerprint.named_files import NamedFiles
from audio_loop.checkpoints.fingerprint.window_fingerprint import fingerprint_window

LONG_AGO_NS = time.time_ns() - 3600 * 10**9
GRAPH = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "ltx.safetensors"}},
    "2": {"class_type": "LoraLoaderModelOnly",
          "inputs": {"model": ["1", 0], "lora_name": "style.safetensors", "strength_model": 0.8}},
    "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a singer", "clip": ["1", 1]}},
    "4": {"class_type": "CFGGuider", "inputs": {"model": ["2", 0], "positive": ["3", 0], "cfg": 1.0}},
    "5": {"class_type": "ManualSigmas", "inputs": {"sigmas": "1.0, 0.975, 0.725, 0"}},
    "6": {"class_type": "LoadImage", "inputs": {"image": "face.png"}},
    "7": {"class_type": "EmptyLTXVLatentVideo", "inputs": {"width": 832, "height": 448, "length": 497}},
    "8": {"class_type": "LatentGuide", "inputs": {"latent": ["7", 0], "guide": ["6", 0], "strength": 0.9}},
    "9": {"class_type": "Previous", "inputs": {"token": "run-1"}},
    "10": {"class_type": "AudioLatentWindow", "inputs": {"song": "song.wav"}},
    "11": {"class_type": "SamplerCustomAdvanced",
           "inputs": {"guider": ["4", 0], "sigmas": ["5", 0], "sampler": "euler", "context": ["9", 0],
                      "audio": ["10", 0], "latent": ["8", 0]}},
}  # fmt: skip
FILES = ("ltx.safetensors", "style.safetensors", "face.png")


def values():
    generator = torch.Generator().manual_seed(0)
    return {
        "previous_latent": {"samples": torch.randn(1, 8, 4, 2, 2, generator=generator)},
        "conditioning": [[torch.randn(1, 6, 8, generator=generator), {"frame_rate": 25.0}]],
        "audio_latent": {"samples": torch.randn(1, 8, 20, 16, generator=generator)},
        "seed": 7,
    }


LINKS = {"previous_latent": ("9", 0), "conditioning": ("3", 0), "audio_latent": ("10", 0)}


@pytest.fixture
def models(tmp_path):
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode() * 10)
        os.utime(tmp_path / name, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return tmp_path


def fingerprint(models, nodes=GRAPH, given=None, versions=None):
    rules = GraphRules(
        find_files=lambda class_type, name, value: NamedFiles((models / value,) if value in FILES else ()),
        ignore=lambda class_type, name: (class_type, name) == ("SamplerCustomAdvanced", "preview_every"),
    )
    return fingerprint_window(
        values=values() if given is None else given,
        value_links=LINKS,
        latent_link=("11", 0),
        get_node=nodes.__getitem__,
        rules=rules,
        hash_file=FileHashes(None).digest,
        versions={"audio_loop": "0.1.0", "comfyui": "0.33.0"} if versions is None else versions,
    )


def with_input(node, name, value):
    nodes = copy.deepcopy(GRAPH)
    nodes[node]["inputs"][name] = value
    return nodes


def reason(models, **changes):
    before, after = fingerprint(models), fingerprint(models, **changes)
    assert (before == after) == (before.digest == after.digest)
    return explain_difference(dict(before.components), dict(after.components)) if before != after else None


@pytest.mark.parametrize(
    ("node", "name", "value", "expected"),
    [
        ("2", "strength_model", 0.7, "LoraLoaderModelOnly.strength_model changed"),
        ("2", "lora_name", "ltx.safetensors", "the file in LoraLoaderModelOnly.lora_name changed"),
        ("4", "cfg", 3.0, "CFGGuider.cfg changed"),
        ("5", "sigmas", "1.0, 0.975, 0", "ManualSigmas.sigmas changed"),
        ("7", "width", 864, "EmptyLTXVLatentVideo.width changed"),
        ("8", "strength", 0.8, "LatentGuide.strength changed"),
        ("11", "sampler", "euler_ancestral", "SamplerCustomAdvanced.sampler changed"),
        ("4", "model", ["1", 0], "nodes were added, removed or wired differently"),
    ],
)
def test_changed_settings_change_it_and_are_named(models, node, name, value, expected):
    assert expected in reason(models, nodes=with_input(node, name, value))


@pytest.mark.parametrize("name", FILES)
def test_changed_files_change_it(models, name):
    before = fingerprint(models)
    (models / name).write_bytes((models / name).read_bytes()[:-1] + b"!")
    after = fingerprint(models)
    assert before.digest != after.digest
    (difference,) = explain_difference(dict(before.components), dict(after.components))
    assert difference.startswith("the file in ")


def test_changed_values_change_it(models):
    def previous(given):
        given["previous_latent"]["samples"][0, 7, 3, 1, 1] += 1e-3

    def prompt_word(given):
        given["conditioning"][0][0][0, 5, 7] += 1e-3

    def frame_rate(given):
        given["conditioning"][0][1]["frame_rate"] = 24.0

    def audio_sample(given):
        given["audio_latent"]["samples"][0, 0, 19, 0] += 1e-3

    def seed(given):
        given["seed"] = 8

    expected = {
        previous: "previous latent changed",
        prompt_word: "conditioning changed",
        frame_rate: "conditioning changed",
        audio_sample: "audio latent changed",
        seed: "seed changed",
    }
    for change, words in expected.items():
        given = values()
        change(given)
        assert reason(models, given=given) == (words,)


def test_versions_change_it(models):
    versions = {"audio_loop": "0.1.0", "comfyui": "0.34.0"}
    assert reason(models, versions=versions) == ("the version of comfyui changed",)


@pytest.mark.parametrize(
    ("node", "name", "value"),
    [
        ("3", "text", "the words count through the conditioning"),
        ("9", "token", "run-2"),
        ("10", "song", "the sound counts through the audio latent"),
        ("11", "preview_every", 5),
        ("4", "cfg", 1),
    ],
)
def test_what_does_not_decide_it(models, node, name, value):
    assert reason(models, nodes=with_input(node, name, value)) is None


def test_moved_renamed_and_reordered_nodes(models):
    nodes = {
        key: {"pos": [1, 2], "_meta": {"title": key}, "inputs": dict(reversed(node["inputs"].items()))}
        | {"class_type": node["class_type"]}
        for key, node in reversed(GRAPH.items())
    }
    assert reason(models, nodes=nodes) is None


def test_a_cut_link_without_its_value_is_refused(models):
    given = values()
    del given["audio_latent"]
    with pytest.raises(ValueError, match="audio_latent"):
        fingerprint(models, given=given)
