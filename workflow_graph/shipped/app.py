"""The app of a workflow: the fields and results that ComfyUI's App mode shows instead of the canvas, and what they are called.

Fields are the widgets of the numbered nodes of the front ("① Your picture"), the settings of its subgraphs, and the doctor's
switch, but for those that few people change. Results are what the nodes of the front save or show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document import Document, clone
from ..view import definitions

NUMBERS = "①②③④⑤⑥⑦⑧⑨"
ON_THE_CANVAS_ONLY = frozenset(
    {
        *("picture_guide_strength", "window_seconds", "overlap_seconds", "takes", "fade_latents"),
        *("checkpoint", "distilled_lora", "distilled_lora_strength", "text_encoder", "upscaler"),
        *("diffusion_model", "video_vae", "audio_vae"),
    }
)
"""Names of widgets that few people change."""

OF_A_WHOLE_RUN = frozenset({"first", "last"})
"""Widgets that make a part of a run; a retake needs the whole."""

NO_VALUE = frozenset({"IMAGEUPLOAD", "AUDIOUPLOAD", "AUDIO_UI"})
"""Types of inputs that are a part of another one's widget."""

RETAKE = "LoopRetakeWindow"
DOCTOR = "LoopDoctor"
SHOWN_BY_THE_BROWSER = {
    "AudioLoopKeyframes": "audio_loop_timeline",
    "AudioLoopPrompts": "audio_loop_timeline",
    "LoadLoopCheckpoint": "Choose the run …",
}
"""Widgets that the browser side of the pack adds, by the type of their node: no file holds them, App mode shows them."""

VIDEOS = ("StreamingVideoSave", "SaveVideo")
MEDIA = frozenset({*VIDEOS, "PreviewImage"})
"""Nodes whose results App mode can show; it has no place for texts."""

SETTING = ""
"""Stands for the type of a subgraph's node, which is another one in every file."""

WORDS: dict[tuple[str, str], Document] = {
    ("LoadImage", "image"): {"description": "who or what is seen"},
    ("LoadAudio", "audio"): {"description": "music or a talk"},
    ("AudioLoopPrompts", "schedule"): {"description": "lines such as 0:30+: she dances", "height": 110},
    ("AudioLoopKeyframes", "schedule"): {"description": "lines such as 1:15+: 1, the second", "height": 110},
    ("LoadLoopCheckpoint", "run_name"): {"description": "empty: the run changed last"},
    ("LoadLoopCheckpoint", "first"): {"description": "number, 0 is the initial render"},
    ("LoadLoopCheckpoint", "last"): {"description": "number, -1 is the last one"},
    (DOCTOR, "enabled"): {"description": "a report on the finished video"},
    (SETTING, "doctor"): {"description": "a report on the finished video"},
    (SETTING, "width"): {"description": "pixels, a multiple of 32"},
    (SETTING, "height"): {"description": "pixels, a multiple of 32"},
    (SETTING, "seed"): {"description": "another number, another take"},
    (SETTING, "seed_overrides"): {"description": "3: +1 samples anew from window 3 on"},
    (SETTING, "stage"): {"description": "draft first, then finish"},
    (SETTING, "context_latents"): {"description": "latents: the more, the less blend"},
    (SETTING, "anchor_strength"): {"description": "the less, the more movement"},
    (SETTING, "stg_scale"): {"description": "1 is usual, 0 is off"},
    (SETTING, "colours_held"): {"description": "0 is off, 1 is wholly"},
    (SETTING, "window"): {"description": "number, -1: the seconds below"},
    (SETTING, "start_seconds"): {"description": "of the video, if window is -1"},
    (SETTING, "end_seconds"): {"description": "of the video, if window is -1"},
    (SETTING, "prompt"): {"description": "empty: the prompt it was made with"},
}
"""Words under a field and its height in pixels, by the type of its node and the name of its widget."""

OF_TWO_STAGES = {"description": "pixels, a multiple of 64"}
"""Words under width and height if a first stage has half the size."""

ABBREVIATIONS = {"stg": "STG", "lora": "LoRA", "vae": "VAE"}


def with_app(document: Document) -> Document:
    """A copy that is an app as well; it opens on the canvas.

    Args:
        document: A UI workflow as it is shipped; unchanged.
    """
    result = clone(document)
    inner = {raw["id"]: raw for _, raw in definitions(result)}
    front = sorted(result["nodes"], key=_number)
    is_retake = any(node["type"] == RETAKE for level in (result, *inner.values()) for node in level["nodes"])
    left_out = ON_THE_CANVAS_ONLY | (OF_A_WHOLE_RUN if is_retake else frozenset())
    inputs = [field for node in front for field in _fields(node, inner.get(node["type"])) if field[1] not in left_out]
    if any(field[1] == "stage" for field in inputs):
        inputs = [[*field[:2], OF_TWO_STAGES] if field[1] in ("width", "height") else field for field in inputs]
    shown = [node for node in result["nodes"] if node["type"] in MEDIA]
    outputs = [node["id"] for node in sorted(shown, key=lambda node: node["type"] not in VIDEOS)]
    result["extra"] = {**result["extra"], "linearMode": False, "linearData": {"inputs": inputs, "outputs": outputs}}
    return result


def _number(node: Document) -> int:
    mark = (node.get("title") or " ")[0]
    return NUMBERS.index(mark) if mark in NUMBERS else len(NUMBERS)


def _fields(node: Document, definition: Document | None) -> Iterator[list[Any]]:
    """The entries of one node, whose sockets get labels."""
    if definition is None and _number(node) == len(NUMBERS) and node["type"] != DOCTOR:
        return
    slots = [slot for slot in node["inputs"] if "widget" in slot and slot["link"] is None and slot["type"] not in NO_VALUE]
    if node["type"] in SHOWN_BY_THE_BROWSER:
        yield [node["id"], SHOWN_BY_THE_BROWSER[node["type"]]]
    for slot in slots:
        slot["label"] = _label(node, slot["name"], alone=len(slots) == 1 and definition is None)
        if definition is not None:
            (boundary,) = [each for each in definition["inputs"] if each["name"] == slot["name"]]
            boundary["label"] = slot["label"]
        words = WORDS.get((node["type"] if definition is None else SETTING, slot["name"]))
        yield [node["id"], slot["name"], dict(words)] if words else [node["id"], slot["name"]]


def _label(node: Document, name: str, *, alone: bool) -> str:
    """The node's own title if it has nothing else to set, else the widget's name as words."""
    words = [ABBREVIATIONS.get(word, word) for word in name.split("_")]
    text = node["title"].strip(NUMBERS + " ").removeprefix("Your ") if alone else " ".join(words)
    return text[:1].upper() + text[1:]
