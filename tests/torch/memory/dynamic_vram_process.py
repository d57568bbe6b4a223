"""Prints, as JSON, what a clean-up does to ComfyUI's list of models under dynamic VRAM. Run in a process of its own.

ComfyUI loads comfy-aimdo before anything else, so it cannot be switched on in a process that has ComfyUI already. The
patchers are ComfyUI's own dynamic ones; `meta` stands for the GPU, and only the reservation of its address space, which
needs the driver, is left out.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
import _bootstrap  # noqa: F401
import torch

from audio_loop.comfy_host.environment import ensure_comfyui

sys.path.insert(0, str(ensure_comfyui()))
import comfy_aimdo.control

assert comfy_aimdo.control.init(), "comfy-aimdo does not load on this machine"
import comfy.cli_args  # noqa: E402

comfy.cli_args.args.cpu = True
import comfy.model_management as management  # noqa: E402
from comfy.model_patcher import ModelPatcherDynamic  # noqa: E402

from audio_loop.memory.loaded_models import cleanup, purge_vram  # noqa: E402

GPU, CPU = torch.device("meta"), torch.device("cpu")


class Patcher(ModelPatcherDynamic):
    def _vbar_get(self, create=False):
        return None


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(16, 16)
        self.current_weight_patches_uuid = None
        self.model_loaded_weight_memory = 0
        self.device = CPU


def load():
    """What `load_models_gpu` does after it has made room, for which it asks the GPU's driver."""
    patcher = Patcher(Weights(), load_device=GPU, offload_device=CPU)
    wrapper = management.LoadedModel(patcher)
    wrapper.model_load()
    management.current_loaded_models.insert(0, wrapper)
    return patcher


def plant():
    """One entry that is half unloaded, one whose model is gone; returns the patcher of the former."""
    stale, big = load(), load()
    assert management.current_loaded_models[1].model_unload() is True
    del big
    gc.collect()
    return stale


def crash():
    """The kind of exception that ComfyUI's own memory management dies of, None if it does not."""
    try:
        management.free_memory(1e30, None, for_dynamic=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def case(clean):
    live = load()
    stale = plant()
    both = crash()
    entries = list(management.current_loaded_models)
    management.current_loaded_models[:] = [wrapper for wrapper in entries if wrapper.model is not stale]
    orphan = crash()
    management.current_loaded_models[:] = entries
    report = clean()
    found = {
        "dynamic": live.is_dynamic(),
        "crash": both,
        "crash with the orphan alone": orphan,
        "dropped": [report.orphaned, report.unloaded],
        "failures": list(report.failures),
        "crash afterwards": crash(),
        "live entry stays": [wrapper.model is live for wrapper in management.current_loaded_models] == [True],
        "live weights stay": live.model.linear.weight.device == GPU and live.loaded_size() > 0,
    }
    management.current_loaded_models.clear()
    return found


logging.disable(logging.CRITICAL)
sys.unraisablehook = lambda _: None  # the failure of ComfyUI's finalizer that leaves the orphan behind
cases = {"purge": purge_vram, "always": cleanup, "gpu_only": lambda: cleanup("gpu_only")}
sys.stdout.write(json.dumps({name: case(clean) for name, clean in cases.items()}) + "\n")
