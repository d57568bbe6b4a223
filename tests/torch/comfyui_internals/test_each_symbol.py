"""Each symbol that the table calls private, taken out of the real ComfyUI: what the pack does then is what the table says."""

from __future__ import annotations

import copy
import importlib
import json
import re

import pytest
import torch

from audio_loop.comfyui_internals import (
    dynamic_prompt,
    ltx_latents,
    machine,
    model_facts,
    node_classes,
    out_of_memory,
    progress,
    running_prompt,
)
from audio_loop.comfyui_internals.contact import ComfyUIChangedError
from audio_loop.comfyui_internals.video_decoder import VideoDecoder
from audio_loop.compatibility.contacts import fallbacks_of
from audio_loop.compatibility.page import PACK
from audio_loop.compatibility.private import PRIVATE

from ...renaming import hide

ROWS = {row.symbol: row for row in PRIVATE}
SHAPE = (1, 128, 2, 1, 1)


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[0])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture
def fallback_of():
    fallbacks = fallbacks_of(PACK)
    return lambda symbol: fallbacks[ROWS[symbol].contact]


def without(monkeypatch, thing, name):
    """A copy of an object that has no such attribute; a method is taken from its class."""
    other = copy.copy(thing)
    if name in vars(other):
        delattr(other, name)
    else:
        owner = next(each for each in type(thing).__mro__ if name in vars(each))
        monkeypatch.delattr(owner, name)
    assert not hasattr(other, name)
    return other


def token_positions():
    return ltx_latents.token_positions((1, 128, 2, 1, 1), (8, 32, 32), "cpu", causal_fix=True)


def options():
    machine._defaults.cache_clear()
    return machine.options_and_defaults()


HIDDEN = {
    "comfy.cli_args.args": options,
    "comfy.cli_args.parser": options,
    "comfy.latent_formats.LTXAV": lambda: ltx_latents.rgb_factors(128),
    "comfy.ldm.lightricks.symmetric_patchifier.SymmetricPatchifier": token_positions,
    "comfy.ldm.lightricks.symmetric_patchifier.latent_to_pixel_coords": token_positions,
    "comfy.nested_tensor.NestedTensor": ltx_latents.nested_class,
    "comfy.ldm.modules.attention.optimized_attention": machine.attention_name,
    "comfy.model_management.get_total_memory": machine.graphics_card,
    "comfy_execution.utils.get_executing_context": running_prompt.prompt_id,
    "comfy_execution.progress.ProgressHandler": lambda: progress.follow_nodes("test"),
    "comfy_execution.progress.get_progress_state": lambda: progress.follow_nodes("test"),
    "comfy_api.internal._ComfyNodeInternal": lambda: node_classes.says_changes("Any"),
    "comfy_api.internal.first_real_override": lambda: node_classes.says_changes("Any"),
}


@pytest.mark.parametrize("symbol", HIDDEN)
def test_a_name_of_a_module_that_is_gone(comfy_on_cpu, missed, monkeypatch, fallback_of, symbol):
    monkeypatch.setattr(node_classes, "node_classes", lambda: {"Any": object})
    fallback, ask = fallback_of(symbol), HIDDEN[symbol]
    ask()
    assert missed() == [], "it is there in this ComfyUI"
    module, _, name = symbol.rpartition(".")
    hide(monkeypatch, module, name)
    is_answered(ask, fallback, missed)


def is_answered(ask, fallback, missed):
    if fallback.refuses:
        with pytest.raises(ComfyUIChangedError, match=re.escape(fallback.loss)):
            ask()
        return
    ask()
    ask()
    (text,) = missed()
    assert fallback.loss in text


METHODS = {
    **{
        f".{name}": ("comfy_execution.graph", "DynamicPrompt", lambda made: dynamic_prompt.graph_of(made({})))
        for name in dynamic_prompt.METHODS
    },
    ".get_latent_coords": ("comfy.ldm.lightricks.symmetric_patchifier", "Patchifier", lambda _: token_positions()),
}


@pytest.mark.parametrize("symbol", METHODS)
def test_a_method_that_is_gone_is_refused(comfy_on_cpu, monkeypatch, missed, fallback_of, symbol):
    module, name, ask = METHODS[symbol]
    owner = getattr(importlib.import_module(module), name)
    ask(owner)
    if symbol == ".get_latent_coords":
        owner = next(each for each in importlib.import_module(module).SymmetricPatchifier.__mro__ if symbol[1:] in vars(each))
        monkeypatch.setattr(owner, "__abstractmethods__", frozenset(), raising=False)
    monkeypatch.delattr(owner, symbol[1:])
    assert fallback_of(symbol).refuses
    is_answered(lambda: ask(owner), fallback_of(symbol), missed)


@pytest.mark.parametrize("symbol", [row.symbol for row in PRIVATE if row.contact == "DECODE_STEPS"])
def test_a_step_of_the_decode_that_is_gone(vae, missed, monkeypatch, fallback_of, symbol):
    assert VideoDecoder(vae).has_steps
    assert missed() == []
    other = without(monkeypatch, vae, symbol[1:])
    assert not VideoDecoder(other).has_steps
    (text,) = missed()
    assert fallback_of(symbol).loss in text


def test_the_grid_of_a_vae_that_is_gone(vae, missed, monkeypatch, fallback_of):
    symbol = ".downscale_index_formula"
    assert model_facts.video_grid(vae)
    other = without(monkeypatch, vae, symbol[1:])
    is_answered(lambda: model_facts.video_grid(other), fallback_of(symbol), missed)


NAMED = {
    "comfy.model_management.cuda_device_context": lambda decoder: decoder.decode(torch.zeros(SHAPE)),
    "comfy.model_management.load_models_gpu": lambda decoder: decoder.load(SHAPE),
    "comfy.model_management.get_free_memory": lambda decoder: decoder.latents_that_fit(SHAPE, 1),
    "comfy.model_management.is_oom": lambda _: out_of_memory.is_out_of_memory(MemoryError()),
    "comfy.utils.tiled_scale_multidim": lambda decoder: decoder.decode_in_space_tiles(torch.zeros(SHAPE), 64, 0),
    ".get_free_memory": lambda decoder: decoder.room(),
    ".latent_channels": lambda decoder: decoder.latent_channels,
    ".upscale_ratio": lambda decoder: decoder.frames(2),
}


@pytest.mark.parametrize("symbol", NAMED)
def test_what_has_no_fallback_ends_with_an_error_that_names_it(vae, monkeypatch, symbol):
    module, _, name = symbol.rpartition(".")
    assert not ROWS[symbol].contact
    assert not ROWS[symbol].goes_on
    NAMED[symbol](VideoDecoder(vae))
    if module:
        monkeypatch.delattr(importlib.import_module(module), name)
        other = vae
    elif name == "get_free_memory":
        other = copy.copy(vae)
        other.patcher = without(monkeypatch, vae.patcher, name)
    else:
        other = without(monkeypatch, vae, name)
    with pytest.raises(AttributeError, match=name):
        NAMED[symbol](VideoDecoder(other))


def test_a_network_that_does_not_tell_its_chunks(vae, monkeypatch):
    from comfy.ldm.lightricks.vae import causal_video_autoencoder

    assert all(ROWS[symbol].goes_on for symbol in (".get_max_chunk_size", ".conv_in", ".decoder"))
    assert VideoDecoder(vae).first_layer_and_chunk(SHAPE)
    monkeypatch.delattr(causal_video_autoencoder, "get_max_chunk_size")
    assert VideoDecoder(vae).first_layer_and_chunk(SHAPE) is None
    monkeypatch.undo()
    for owner, name in ((vae.first_stage_model.decoder, "conv_in"), (vae.first_stage_model, "decoder")):
        taken = owner._modules.pop(name)
        assert VideoDecoder(vae).first_layer_and_chunk(SHAPE) is None
        owner._modules[name] = taken
