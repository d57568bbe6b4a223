"""The demo's changes to the shipped workflow, as a table; everything else in it stays as shipped."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..loop_engine.prompt_links import as_link
from .tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME, UPSCALER_NAME

Prompt = Mapping[str, Mapping[str, Any]]


class WorkflowMismatchError(ValueError):
    """The workflow has no place for something that the demo has to set."""


@dataclass(frozen=True)
class Replacement:
    """One value and the places it belongs to.

    Attributes:
        what: Name of the value, for messages.
        value: The new value.
        places: Pairs of a node and an input. A node is a class type, or `#` and an id. Inputs that are wired are left
            alone; at least one place must be found.
    """

    what: str
    value: Any
    places: tuple[tuple[str, str], ...]


# The window has to be short for a 40 s song to need several iterations, and the picture small for a CPU.
TOY_WINDOW_SECONDS = 9.64
TOY_WIDTH_PX, TOY_HEIGHT_PX = 192, 96
TOY_TWO_STAGES_PX = 256, 128
"""Width and height if a first stage has half of them."""

TINY_MODEL = (
    Replacement(
        "checkpoint",
        CHECKPOINT_NAME,
        (
            ("CheckpointLoaderSimple", "ckpt_name"),
            ("LTXVAudioVAELoader", "ckpt_name"),
            ("LTXAVTextEncoderLoader", "ckpt_name"),
        ),
    ),
    Replacement("distilled LoRA", LORA_NAME, (("LoraLoaderModelOnly", "lora_name"),)),
    Replacement("text encoder", TEXT_ENCODER_NAME, (("LTXAVTextEncoderLoader", "text_encoder"),)),
)
TINY_UPSCALER = Replacement("upscaler", UPSCALER_NAME, (("LatentUpscaleModelLoader", "model_name"),))
STAND_INS = {"LTXAVTextEncoderLoader": "DemoTinyTextEncoderLoader"}


def toy_size(
    width_px: int = TOY_WIDTH_PX, height_px: int = TOY_HEIGHT_PX, window_seconds: float = TOY_WINDOW_SECONDS
) -> tuple[Replacement, ...]:
    """Size of the picture, multiples of 32 px, and length of the window."""
    return (
        Replacement("width", width_px, _size_places("width")),
        Replacement("height", height_px, _size_places("height")),
        Replacement("window", window_seconds, (("#688", "value"),)),
    )


def _size_places(side: str) -> tuple[tuple[str, str], ...]:
    return (
        ("AudioLoopVideoSize", side),
        ("EmptyLTXVLatentVideo", side),
        ("ResizeImageMaskNode", f"resize_type.{side}"),
    )


def song_and_picture(image_name: str, audio_name: str) -> tuple[Replacement, ...]:
    """The two inputs, by their names in ComfyUI's input folder."""
    return (
        Replacement("picture", image_name, (("#444", "image"), ("LoadImage", "image"))),
        Replacement("song", audio_name, (("#565", "audio"), ("LoadAudio", "audio"))),
    )


def length(seconds: float) -> tuple[Replacement, ...]:
    """How much of the song to use."""
    return (Replacement("length of the song", seconds, (("#567", "duration"), ("TrimAudioDuration", "duration"))),)


def patched(
    prompt: Prompt, replacements: Sequence[Replacement], stand_ins: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """A copy of `prompt` with the replacements made, then with classes exchanged for their stand-ins.

    Args:
        prompt: API form: nodes by id.
        replacements: What to set.
        stand_ins: Class types by the class type they stand in for.

    Raises:
        WorkflowMismatchError: a replacement found no place.
    """
    changed = copy.deepcopy({node_id: dict(node) for node_id, node in prompt.items()})
    for replacement in replacements:
        places = [
            (node, name)
            for selector, name in replacement.places
            for node_id, node in changed.items()
            if selector in (node["class_type"], f"#{node_id}")
            and name in node["inputs"]
            and as_link(node["inputs"][name]) is None
        ]
        if not places:
            wanted = ", ".join(f"{selector}.{name}" for selector, name in replacement.places)
            raise WorkflowMismatchError(
                f"this workflow has no place for the {replacement.what}: none of {wanted} is there with a value of its own"
            )
        for node, name in places:
            node["inputs"][name] = replacement.value
    for node in changed.values():
        node["class_type"] = (stand_ins or {}).get(node["class_type"], node["class_type"])
    return changed
