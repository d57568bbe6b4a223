"""What the pack reads of ComfyUI's node classes and options: there in this one; gone, one warning and the careful answer."""

from __future__ import annotations

import asyncio
import logging
import math
from pathlib import Path

import pytest

from audio_loop.comfyui_internals import change_answers, contact, machine, node_classes

from ...renaming import hide


@pytest.fixture(autouse=True)
def missed(default_engine, caplog, monkeypatch):
    """`missed()`: what was missed since the test began."""
    monkeypatch.setattr(contact, "_said", {})
    caplog.set_level(logging.WARNING)
    return lambda: [r.getMessage() for r in caplog.records if r.name == contact.__name__]


def twice(ask):
    """Asked again, nothing more is said."""
    ask()
    return ask()


def is_missed_once(missed, thing, loss):
    (text,) = missed()
    return f"ComfyUI's {thing} in ComfyUI " in text and loss in text


def test_a_contact_is_named_with_the_version_of_comfyui_and_the_reason(missed):
    from comfyui_version import __version__

    thing = contact.Contact("heart", "nothing beats")
    thing.is_gone(AttributeError("no valve"))
    thing.is_gone("again")
    assert missed() == [
        f"Audio Loop does not find ComfyUI's heart in ComfyUI {__version__} (AttributeError: no valve): nothing beats"
    ]
    assert str(thing.refusal("no valve")).endswith("(no valve): nothing beats")


def test_node_classes(missed):
    assert node_classes.is_output_node("PreviewImage")
    assert not node_classes.is_output_node("KSampler")
    assert not math.isnan(len(node_classes.node_classes()))
    assert missed() == []


def test_without_the_registry_of_classes_nothing_is_guessed(monkeypatch):
    hide(monkeypatch, "nodes", "NODE_CLASS_MAPPINGS")
    with pytest.raises(contact.ComfyUIChangedError, match="registry of node classes"):
        node_classes.node_classes()


INPUTS = [
    ("IterationCheckpoint", "latent", "lazy", True),
    ("TensorLoopClose", "processed", "rawLink", True),
    ("KSampler", "seed", "min", 0),
    ("KSampler", "no such input", "lazy", None),
]


@pytest.mark.parametrize(("class_type", "name", "setting", "value"), INPUTS)
@pytest.mark.parametrize("is_hidden", [False, True])
def test_settings_of_inputs(missed, monkeypatch, class_type, name, setting, value, is_hidden):
    if is_hidden:
        hide(monkeypatch, "comfy_execution.graph", "get_input_info")
    assert twice(lambda: node_classes.input_settings(class_type, name)).get(setting) == value
    assert is_missed_once(missed, "get_input_info", "lazy one") if is_hidden else missed() == []


def test_the_settings_of_an_input_that_another_ones_choice_makes(missed, monkeypatch):
    assert node_classes.input_settings("TensorLoopClose", "overlap")["options"]
    assert missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_which_nodes_speak_of_changes(missed, monkeypatch, is_hidden):
    if is_hidden:
        hide(monkeypatch, "comfy_api.internal", "first_real_override")
    speaks = {
        name: twice(lambda name=name: node_classes.says_changes(name)) for name in ("LoadImage", "KSampler", "ProfileBegin")
    }
    assert speaks == {"LoadImage": True, "KSampler": False, "ProfileBegin": True}
    # A class of the new API that does not speak counts as one that does, if that is not known.
    assert node_classes.says_changes("ConditioningBlend") is is_hidden
    assert is_missed_once(missed, "first_real_override", "made again") if is_hidden else missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_what_nodes_say_of_changes(missed, monkeypatch, is_hidden):
    from comfy_execution.graph import DynamicPrompt

    if is_hidden:
        hide(monkeypatch, "execution", "IsChangedCache")
    graph = DynamicPrompt({"1": {"class_type": "ProfileBegin", "inputs": {}}, "2": {"class_type": "KSampler", "inputs": {}}})
    answers = twice(lambda: asyncio.run(change_answers.change_answers(graph, ["1", "2"])))
    assert list(answers) == ["1", "2"]
    if is_hidden:
        assert all(math.isnan(answer) for answer in answers.values())
        assert is_missed_once(missed, "IsChangedCache", "made again")
    else:
        assert math.isnan(answers["1"][0])
        assert answers["2"] is False
        assert missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_files_that_a_class_lists(missed, monkeypatch, is_hidden):
    if is_hidden:
        hide(monkeypatch, "folder_paths", "cache_helper")
    found = node_classes.node_classes()["LoraLoader"]
    inputs, listed = twice(lambda: node_classes.inputs_and_files(found))
    assert inputs["required"]["lora_name"][0] == found.INPUT_TYPES()["required"]["lora_name"][0]
    assert set(listed) == (set() if is_hidden else {"loras"})
    assert is_missed_once(missed, "cache of folder listings", "not checked") if is_hidden else missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_folders_of_packs(missed, monkeypatch, is_hidden):
    if is_hidden:
        hide(monkeypatch, "nodes", "LOADED_MODULE_DIRS")
    folders = twice(node_classes.pack_folders)
    assert all(isinstance(folder, Path) for folder in folders.values())
    assert bool(folders) is not is_hidden
    assert is_missed_once(missed, "list of the folders of loaded packs", "ComfyUI's own code") if is_hidden else missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_options(missed, monkeypatch, is_hidden):
    import comfy.cli_args

    monkeypatch.setattr(comfy.cli_args.args, "disable_metadata", False)
    monkeypatch.setattr(comfy.cli_args.args, "fp8_e4m3fn_unet", True)
    if is_hidden:
        hide(monkeypatch, "comfy.cli_args", "args")
    assert machine.option("disable_metadata", "safe") == ("safe" if is_hidden else False)
    values, defaults = machine.options_and_defaults()
    assert (values.get("fp8_e4m3fn_unet"), defaults.get("fp8_e4m3fn_unet")) == ((None, None) if is_hidden else (True, False))
    assert is_missed_once(missed, "command line options", "out of files") if is_hidden else missed() == []


def test_an_option_that_is_gone_is_missed_once(missed):
    assert twice(lambda: machine.option("no_such_option", True)) is True
    assert is_missed_once(missed, "command line options", "--cache-none")


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_attention_that_comfyui_chose(missed, monkeypatch, is_hidden):
    if is_hidden:
        hide(monkeypatch, "comfy.ldm.modules.attention", "optimized_attention")
    assert twice(machine.attention_name).startswith("attention_") is not is_hidden
    assert is_missed_once(missed, "choice of attention", "made again") if is_hidden else missed() == []


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_card_that_comfyui_computes_on(missed, monkeypatch, is_hidden):
    import torch

    assert machine.graphics_card() is None, "this ComfyUI computes on the processor"
    monkeypatch.setattr("comfy.model_management.get_torch_device", lambda: torch.device("cuda", 0))
    monkeypatch.setattr("comfy.model_management.get_total_memory", lambda device: 24 * 2**30 if device.index == 0 else 0)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: f"NVIDIA GeForce RTX 4090 at {device}")
    if is_hidden:
        hide(monkeypatch, "comfy.model_management", "get_total_memory")
    card = twice(machine.graphics_card)
    assert card == (None if is_hidden else machine.GraphicsCard("NVIDIA GeForce RTX 4090 at cuda:0", 24 * 2**30))
    assert is_missed_once(missed, "device", "fits the card") if is_hidden else missed() == []
