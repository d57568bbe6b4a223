"""Every value of the old graph is in the new one, or in a sentence: what replacing left out is found by comparing both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..frontend.loaded_view import BROWSER_ONLY, FrontendNode, FrontendView

_NAMED = re.compile(r"\bnode (\S+) \(")
"""The id in a node's name as sentences have it."""

READ_OTHERWISE = {
    "ImageResizeKJv2": {"keep_proportion", "divisible_by", "crop_position", "device", "pad_color"},
    "LTXSmartImageResize": {"keep_proportion", "crop_position"},
    "LTXVAddLatentGuide": {"latent_idx"},
    "LTXVPerStepAdainPatcher": {"factors", "per_frame"},
    "LTXVSelectLatents": {"start_index", "end_index"},
    "LTXVAudioVideoMask": {
        "video_fps",
        "video_start_time",
        "video_end_time",
        "audio_start_time",
        "audio_end_time",
        "max_length",
        "existing_mask_mode",
    },
    "VHS_VideoCombine": {"format", "trim_to_audio", "pix_fmt"},
    "LTXFramePlanner": {"target_seconds"},
    "RunIdPrefix": {"workflow_name", "timestamp_format"},
    "PathchSageAttentionKJ": {"sage_attention"},
    "GetImageRangeFromBatch": {"start_index"},
    "LTXVImgToVideoInplaceKJ": {"num_images"},
    "LTXVTiledVAEDecode": {"horizontal_tiles", "vertical_tiles", "overlap", "last_frame_fix"},
    "LTXVSpatioTemporalTiledVAEDecode": {
        "spatial_tiles",
        "spatial_overlap",
        "temporal_tile_length",
        "temporal_overlap",
        "last_frame_fix",
        "working_device",
        "working_dtype",
    },
    "VAEDecodeTiled": {"tile_size", "overlap", "temporal_size", "temporal_overlap"},
    "AudioLatentSlice": {"source_seconds"},
}
"""Values whose meaning is carried over under another name or number by the code that replaces the node, which says what it
could not. Tiles of a decoder say how it saves memory, not what it makes."""


def unsaid(old: FrontendView, new: FrontendView, said: Iterable[str]) -> list[str]:
    """Sentences for values of `old` that neither `new` nor a sentence holds.

    Args:
        old: The graph before.
        new: Its successor.
        said: The remarks made already.
    """
    lines = _by_node(said)
    before, after = _nodes(old), _nodes(new)
    new_kinds = [node for key, node in after.items() if key not in before or before[key].type != node.type]
    added = Values(value for node in new_kinds for value in node.values.values())
    return [line for key, node in before.items() for line in _of(key, node, after, added, lines)]


class Values:
    """Values of any JSON kind, found fast: true is not 1."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._plain: set[tuple[bool, Any]] = set()
        self._others: list[Any] = []
        for value in values:
            if isinstance(value, (dict, list)):
                self._others.append(value)
            else:
                self._plain.add((isinstance(value, bool), value))

    def __contains__(self, value: object) -> bool:
        if isinstance(value, (dict, list)):
            return value in self._others
        return (isinstance(value, bool), value) in self._plain


def _by_node(said: Iterable[str]) -> dict[str, list[str]]:
    """The sentences by the ids of the nodes that they name."""
    found: dict[str, list[str]] = {}
    for line in (line for text in said for line in text.splitlines()):
        for identity in set(_NAMED.findall(line)):
            found.setdefault(identity, []).append(line)
    return found


def _nodes(view: FrontendView) -> dict[tuple[str, Any], FrontendNode]:
    return {(level.name, node.id): node for level in [view.root, *view.subgraphs.values()] for node in level.nodes.values()}


def _of(
    key: tuple[str, Any],
    node: FrontendNode,
    after: dict[tuple[str, Any], FrontendNode],
    added: Values,
    lines: dict[str, list[str]],
) -> Iterator[str]:
    if node.type in BROWSER_ONLY or node.definition is not None:
        return
    now = after.get(key)
    if now is not None and now.type == node.type:
        return
    name = f"node {node.id} ({node.title})"
    kept = Values(now.values.values() if now is not None else ())
    for widget, value in node.values.items():
        if widget in READ_OTHERWISE.get(node.type, ()) or _is_default(node, widget, value) or _wired(node, widget):
            continue
        if value in kept or value in added or any(name in line and widget in line for line in lines.get(str(node.id), ())):
            continue
        yield f"{name}: {widget} {_short(value)} is not carried over"


def _is_default(node: FrontendNode, widget: str, value: Any) -> bool:
    if node.schema is None:
        return value in (None, "")
    defaults = {spec.name: spec for spec in node.schema.widgets(node.values)}
    spec = defaults.get(widget)
    if spec is None:
        # A value that the node's own browser part keeps, such as the options of a CustomCombo.
        return True
    first = spec.input.choices[:1] if spec.input is not None else ()
    return _same(value, spec.default) or (value,) == tuple(first) or spec.input is None


def _wired(node: FrontendNode, widget: str) -> bool:
    return any(socket.widget == widget and socket.link is not None for socket in node.sockets)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
