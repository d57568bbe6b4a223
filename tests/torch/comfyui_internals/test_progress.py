"""Whom ComfyUI tells of nodes that start and finish: what the log of nodes writes is tested in `measuring`; here it is gone."""

from __future__ import annotations

import pytest

from audio_loop.comfyui_internals.progress import follow_nodes

from ...renaming import hide


@pytest.fixture
def registry(comfy_on_cpu):
    """ComfyUI's own, of a prompt with one node."""
    from comfy_execution.graph import DynamicPrompt
    from comfy_execution.progress import get_progress_state, reset_progress_state

    reset_progress_state("prompt", DynamicPrompt({"7": {"class_type": "KSampler", "inputs": {}}}))
    return get_progress_state()


def follow(registry):
    """What was told of a node that starts and finishes."""
    told = []
    follow_nodes("test", told.append, lambda *finished: told.append(finished))
    registry.start_progress("7")
    registry.finish_progress("7")
    return told


def test_nodes_are_followed(registry, missed):
    assert follow(registry) == ["7", ("7", "7", "KSampler")]
    assert missed() == []


@pytest.mark.parametrize("name", ["ProgressHandler", "get_progress_state"])
def test_without_the_registry_nothing_is_told_and_it_is_missed_once(registry, missed, monkeypatch, name):
    hide(monkeypatch, "comfy_execution.progress", name)
    assert (follow(registry), follow(registry)) == ([], [])
    (text,) = missed()
    assert "events of nodes" in text
    assert "how long" in text


@pytest.mark.parametrize("name", ["dynprompt", "register_handler"])
def test_a_registry_with_other_parts_is_missed_once(registry, missed, monkeypatch, name):
    if name == "dynprompt":
        del registry.dynprompt
    else:
        monkeypatch.delattr(type(registry), name)
    assert [told for _ in range(2) for told in follow(registry) if told != "7"] == []
    assert len(missed()) == 1
