"""The crash of ComfyUI's memory management on an entry whose model is gone: there without the clean-up nodes, not with them."""

from __future__ import annotations

import itertools

import pytest

from ..shipped import ask, refused

CLEANERS = {
    "purge": {"class_type": "PurgeVRAM", "inputs": {}},
    "always": {"class_type": "IterationCleanup", "inputs": {"mode": "always"}},
    "gpu_only": {"class_type": "IterationCleanup", "inputs": {"mode": "gpu_only"}},
}
turns = itertools.count()


def planted(cleaner=None):
    """A dead entry, the cleaner between two nodes as in a loop's body, and a request for memory."""
    # Each turn another length, so that nothing comes from ComfyUI's cache.
    empty = {"width": 64, "height": 64, "length": 9 + 8 * next(turns), "batch_size": 1}
    nodes = {
        "empty": {"class_type": "EmptyLTXVLatentVideo", "inputs": empty},
        "dead": {"class_type": "TestDeadEntry", "inputs": {"latent": ["empty", 0]}},
        "free": {"class_type": "TestFreeMemory", "inputs": {"latent": ["dead", 0]}},
    }
    if cleaner is not None:
        nodes["clean"] = {**cleaner, "inputs": {**cleaner["inputs"], "latent": ["dead", 0]}}
        nodes["free"]["inputs"]["latent"] = ["clean", 0]
    return nodes


@pytest.fixture
def tidy(comfy):
    """Nothing planted outlives a test, whatever came of it."""
    yield
    nodes = planted(CLEANERS["purge"])
    del nodes["dead"]
    nodes["clean"]["inputs"]["latent"] = ["empty", 0]
    ask(comfy, nodes, {"dead": ["free", 1]})


@pytest.mark.parametrize("cleaner", [None, {"class_type": "IterationCleanup", "inputs": {"mode": "never"}}])
def test_without_the_node_comfyui_crashes(comfy, tidy, cleaner):
    assert "'NoneType' object has no attribute 'model_size'" in refused(comfy, planted(cleaner), ["free", 1])


@pytest.mark.parametrize("cleaner", list(CLEANERS))
def test_with_the_node_it_does_not(comfy, cleaner):
    assert ask(comfy, planted(CLEANERS[cleaner]), {"dead": ["free", 1]}) == {"dead": "0"}
