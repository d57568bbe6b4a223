from __future__ import annotations

import gc
import sys

import pytest
import torch

from audio_loop.memory.loaded_models import CleanupReport, cleanup, drop_dead_wrappers, purge_vram


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(16, 16)
        self.current_weight_patches_uuid = None
        self.model_loaded_weight_memory = 0
        self.device = torch.device("cpu")


@pytest.fixture
def management(comfy_on_cpu):
    import comfy.model_management as model_management

    # Models of earlier tests in this process are gone for good before this one begins.
    model_management.current_loaded_models.clear()
    gc.collect()
    yield model_management
    model_management.current_loaded_models.clear()
    gc.collect()


def load(management):
    """A real patcher around real weights, loaded by ComfyUI itself."""
    from comfy.model_patcher import ModelPatcher

    patcher = ModelPatcher(Weights(), load_device=torch.device("cpu"), offload_device=torch.device("cpu"))
    management.load_models_gpu([patcher])
    return patcher


def leave_half_unloaded(management, patcher):
    """What stays behind when `free_memory` raises after it unloaded this model and before it took it off the list."""
    wrapper = next(w for w in management.current_loaded_models if w.model is patcher)
    assert wrapper.model_unload() is True
    return wrapper


def plant_orphan(management, monkeypatch):
    """The guide's case: a big model dies while another entry makes ComfyUI's finalizer raise."""
    ignored = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    stale = load(management)
    big = load(management)
    leave_half_unloaded(management, stale)
    del big
    gc.collect()
    monkeypatch.undo()
    # Models of earlier tests in this process may die in the same collection, each with the same failure.
    assert {type(event.exc_value) for event in ignored} == {TypeError}, "ComfyUI's clean-up did not fail"
    return stale


def test_an_orphan_makes_comfyui_crash_and_does_not_after_the_drop(management, monkeypatch):
    stale = plant_orphan(management, monkeypatch)
    # With the half-unloaded entry itself out of the way the crash is the one of the report.
    management.current_loaded_models[:] = [w for w in management.current_loaded_models if w.model is not stale]
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'model_size'"):
        management.free_memory(1e30, torch.device("cpu"))

    assert drop_dead_wrappers() == CleanupReport(orphaned=1)

    assert management.free_memory(1e30, torch.device("cpu")) == []


def test_a_half_unloaded_entry_makes_comfyui_crash_and_does_not_after_the_drop(management):
    patcher = load(management)
    leave_half_unloaded(management, patcher)
    with pytest.raises(TypeError):
        management.free_memory(1e30, torch.device("cpu"))

    assert drop_dead_wrappers() == CleanupReport(unloaded=1)

    management.free_memory(1e30, torch.device("cpu"))
    management.load_models_gpu([patcher])
    assert management.loaded_models() == [patcher]


@pytest.mark.parametrize("clean", [purge_vram, cleanup, lambda: cleanup("gpu_only")])
def test_live_models_stay_loaded_and_dead_ones_go(management, monkeypatch, clean):
    alive_before = load(management)
    stale = plant_orphan(management, monkeypatch)
    alive_after = load_without_walking(management)

    report = clean()

    assert report.orphaned + report.unloaded == 2
    assert report.failures == ()
    assert set(management.loaded_models()) == {alive_before, alive_after}
    management.free_memory(0, torch.device("cpu"))
    assert stale.model is not None


def load_without_walking(management):
    """ComfyUI's loader walks the list and would crash on the planted entries; this is the tail end of it."""
    from comfy.model_patcher import ModelPatcher

    patcher = ModelPatcher(Weights(), load_device=torch.device("cpu"), offload_device=torch.device("cpu"))
    wrapper = management.LoadedModel(patcher)
    wrapper.model_load()
    management.current_loaded_models.insert(0, wrapper)
    return patcher


def test_garbage_that_holds_a_model_is_dropped_by_the_full_clean_up_only(management):
    keeper = {"model": load(management)}
    keeper["self"] = keeper
    gc.disable()
    try:
        del keeper
        assert drop_dead_wrappers() == CleanupReport()
        assert len(management.current_loaded_models) == 1
        purge_vram()
    finally:
        gc.enable()
    assert management.current_loaded_models == []


def test_never_does_nothing(management, monkeypatch):
    plant_orphan(management, monkeypatch)
    entries = list(management.current_loaded_models)

    assert cleanup("never") == CleanupReport()

    assert all(a is b for a, b in zip(entries, management.current_loaded_models, strict=True))


def test_an_unknown_mode_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'sometimes'.*always, gpu_only, never"):
        cleanup("sometimes")


def test_a_failing_step_is_reported_and_the_others_still_run(management, monkeypatch):
    load(management)
    stale = load(management)
    leave_half_unloaded(management, stale)

    def broken(*_):
        raise RuntimeError("driver gone")

    monkeypatch.setattr(management, "soft_empty_cache", broken)

    report = purge_vram()

    assert report.unloaded == 1
    assert report.failures == ("empty cache: driver gone",)
    assert "failed: empty cache: driver gone" in report.summary()
