"""ComfyUI's list of loaded models: what the drop does with it is tested in `memory`; here it is gone."""

from __future__ import annotations

import pytest

from audio_loop.memory.loaded_models import CleanupReport, cleanup, drop_dead_wrappers

from ...renaming import hide_place


@pytest.fixture
def entry(comfy_on_cpu, monkeypatch):
    """A real entry of ComfyUI's list whose model is gone."""
    import comfy.model_management as management
    from comfy.model_patcher import ModelPatcher
    from torch import device, nn

    monkeypatch.setattr(management, "current_loaded_models", [])
    wrapper = management.LoadedModel(ModelPatcher(nn.Linear(1, 1), device("cpu"), device("cpu")))
    management.current_loaded_models.append(wrapper)
    return wrapper


def test_the_entry_of_a_model_that_is_gone_is_dropped(entry, missed):
    assert entry.model is None
    assert drop_dead_wrappers() == CleanupReport(orphaned=1)
    assert missed() == []


@pytest.mark.parametrize("name", ["model", "real_model", "current_loaded_models"])
def test_another_list_is_left_alone_and_missed_once(entry, missed, monkeypatch, name):
    import comfy.model_management as management

    monkeypatch.setattr(management, "cleanup_models", lambda: None)  # ComfyUI's own walk trips over this entry
    monkeypatch.setattr(type(entry), "model", name == "real_model")  # of an orphan nothing else is asked
    owner = "" if name == "current_loaded_models" else "LoadedModel."
    hide_place(monkeypatch, f"comfy.model_management:{owner}{name}")
    for _ in range(2):
        assert drop_dead_wrappers() == CleanupReport()
    report = cleanup("gpu_only")
    assert (report.orphaned, report.unloaded, report.failures) == (0, 0, ())
    assert management.current_loaded_models == [entry]
    (text,) = missed()
    assert "list of loaded models in ComfyUI 0." in text
    assert "can end a long render" in text
