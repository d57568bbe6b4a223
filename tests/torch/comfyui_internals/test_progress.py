"""Whom ComfyUI tells of nodes that start and finish: what the log of nodes writes is tested in `measuring`; here it is gone."""

from __future__ import annotations

import sys

import pytest

from audio_loop.comfyui_internals.progress import follow_nodes, forget_nodes

from ...hidden_symbols import hidden_by
from ...renaming import hide, hide_place, renamed_module


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


EVENTS = ["start_handler", "finish_handler", "update_handler"]


@pytest.mark.parametrize("name", EVENTS)
def test_a_handler_with_another_method_is_missed(registry, missed, monkeypatch, name):
    import comfy_execution.progress as whole

    later = renamed_module(whole, **{name: f"{name}_of_later"})
    monkeypatch.setitem(sys.modules, whole.__name__, later)
    later.reset_progress_state("prompt", registry.dynprompt)
    told = []
    follow_nodes(
        "test", lambda *_: told.append(EVENTS[0]), lambda *_: told.append(EVENTS[1]), lambda *_: told.append(EVENTS[2])
    )
    now = later.get_progress_state()
    now.start_progress("7")
    now.update_progress("7", 1, 2, None)
    now.finish_progress("7")
    assert set(told) == set(EVENTS) - {name}, "the others are heard all the same"
    (text,) = missed()
    assert f"ProgressHandler has no {name}" in text
    assert "how long" in text


def test_a_prompt_that_does_not_say_which_nodes_it_has(registry, is_answered, monkeypatch):
    told = []
    follow_nodes("test", updated=lambda *update: told.append(update))
    registry.start_progress("7")

    def move():
        registry.update_progress("7", 1, 2, None)

    move()
    assert told == [("7", {"class_type": "KSampler", "inputs": {}}, 1, 2)]
    hide_place(monkeypatch, *hidden_by("test_a_prompt_that_does_not_say_which_nodes_it_has"))
    is_answered(move, "NODE_EVENTS")
    assert len(told) == 1


@pytest.mark.parametrize("place", hidden_by("test_a_list_of_nodes_that_is_gone_is_missed_once"))
def test_a_list_of_nodes_that_is_gone_is_missed_once(registry, is_answered, monkeypatch, place):
    registry.start_progress("7")
    forget_nodes(["7"])
    assert registry.nodes == {}
    registry.start_progress("7")
    hide_place(monkeypatch, place)
    is_answered(lambda: forget_nodes(["7"]), "LISTED_NODES")
    assert set(registry.nodes) == {"7"}
