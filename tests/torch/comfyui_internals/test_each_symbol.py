"""Each symbol that the table calls private, taken out of the real ComfyUI: what the pack does then is what the table says."""

from __future__ import annotations

import logging

import pytest
import torch

from audio_loop.attention import override
from audio_loop.attention.capabilities import Capabilities
from audio_loop.comfyui_internals import (
    device,
    dynamic_prompt,
    ltx_latents,
    machine,
    model_facts,
    node_classes,
    progress,
    running_prompt,
)
from audio_loop.compatibility.private import PRIVATE

from ...hidden_symbols import hidden_by
from ...renaming import hide_place, renamed
from .test_model_facts import model_of


def token_positions():
    return ltx_latents.token_positions((1, 128, 2, 1, 1), (8, 32, 32), "cpu", causal_fix=True)


def options():
    machine._defaults.cache_clear()
    return machine.options_and_defaults()


CONTACTS = {
    "OPTIONS": options,
    "COLOURS": lambda: ltx_latents.rgb_factors(128),
    "TOKEN_POSITIONS": token_positions,
    "NESTED": ltx_latents.nested_class,
    "ATTENTION": machine.attention_name,
    "DEVICE": machine.graphics_card,
    "MEMORY": lambda: device.total_bytes(torch.device("cpu")),
    "PROMPT_ID": running_prompt.prompt_id,
    "NODE_EVENTS": lambda: progress.follow_nodes("test"),
    "LISTED_NODES": lambda: progress.forget_nodes(["1"]),
    "CHANGE_OVERRIDES": lambda: node_classes.says_changes("Any"),
}


def each_contact(places):
    """(place, contact) of each contact that speaks of a place."""
    rows = {row.places[0]: row for row in PRIVATE}
    return [(place, contact) for place in places for contact in rows[place].contact.split()]


@pytest.mark.parametrize(("place", "contact"), each_contact(hidden_by("test_a_name_of_a_module_that_is_gone")))
def test_a_name_of_a_module_that_is_gone(comfy_on_cpu, missed, is_answered, monkeypatch, place, contact):
    monkeypatch.setattr(node_classes, "node_classes", lambda: {"Any": object})
    CONTACTS[contact]()
    assert missed() == [], "it is there in this ComfyUI"
    hide_place(monkeypatch, place)
    is_answered(CONTACTS[contact], contact)


@pytest.mark.parametrize("place", hidden_by("test_a_graph_without_a_method_is_refused"))
def test_a_graph_without_a_method_is_refused(comfy_on_cpu, is_answered, monkeypatch, place):
    from comfy_execution.graph import DynamicPrompt

    graph = DynamicPrompt({})
    assert dynamic_prompt.graph_of(graph) is graph
    hide_place(monkeypatch, place)
    is_answered(lambda: dynamic_prompt.graph_of(graph), "GRAPH")


@pytest.mark.parametrize("place", hidden_by("test_a_model_that_does_not_tell_its_sound"))
def test_a_model_that_does_not_tell_its_sound(tiny_ltx, is_answered, monkeypatch, place):
    model = tiny_ltx()
    assert model_facts.model_audio_grid(model) == (25, 8, 16)
    hide_place(monkeypatch, place)
    assert is_answered(lambda: model_facts.model_audio_grid(model), "MODEL_AUDIO") is None


@pytest.mark.parametrize("place", hidden_by("test_a_model_that_does_not_tell_its_configuration"))
def test_a_model_that_does_not_tell_its_configuration(tiny_ltx, missed, is_answered, monkeypatch, place):
    model = tiny_ltx()
    assert model_facts.marks_keyframes(model) is False
    model.model.model_config.unet_config["use_keyframes_abs_pos_embedding"] = True
    is_answered(lambda: model_facts.marks_keyframes(model), "KEYFRAME_MARKER")
    assert missed() == []
    hide_place(monkeypatch, place)
    assert is_answered(lambda: model_facts.marks_keyframes(model), "MODEL_CONFIG") is False


@pytest.mark.parametrize("place", hidden_by("test_a_model_of_ltx_2_5_without_its_marker_is_refused"))
def test_a_model_of_ltx_2_5_without_its_marker_is_refused(comfy_on_cpu, is_answered, monkeypatch, place):
    from audio_loop.demo.tiny_architecture_25 import TRANSFORMER

    model = model_of(TRANSFORMER)
    assert model_facts.marks_keyframes(model) is True
    if place.endswith(".diffusion_model"):
        del model.model.diffusion_model
    else:
        hide_place(monkeypatch, place)
    is_answered(lambda: model_facts.marks_keyframes(model), "KEYFRAME_MARKER")


NO_KERNELS = Capabilities()


def test_a_comfyui_without_a_node_for_backends_has_nothing_to_respect(tiny_ltx, missed, monkeypatch, caplog):
    (place,) = hidden_by("test_a_comfyui_without_a_node_for_backends_has_nothing_to_respect")
    from comfy.ldm.modules.attention import attention_sub_quad
    from comfy.model_patcher import ModelPatcher

    name = place.rpartition(".")[2]
    caplog.set_level(logging.INFO, override.__name__)

    def said(model):
        override._say_once.cache_clear()
        caplog.clear()
        override.apply_sage_attention(model, capabilities=NO_KERNELS)
        return "Model Attention Backend chose the attention" in caplog.text

    model = tiny_ltx()
    model.set_model_optimized_attention(attention_sub_quad)
    assert said(model)

    other = tiny_ltx()
    monkeypatch.setattr(ModelPatcher, "of_later", renamed(getattr(ModelPatcher, name), **{name: "of_later"}), raising=False)
    monkeypatch.delattr(ModelPatcher, name)
    assert not said(other)
    other.of_later(attention_sub_quad)
    assert not said(other), "what another method leaves is an override as any other"
    assert missed() == []
