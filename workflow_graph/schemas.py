"""The form of each node type: inputs, widgets in their order, outputs, read from the committed snapshots.

The order of sockets and widgets follows the frontend (comfyui-frontend-package 1.49): sockets without a widget come first,
then those with one; a seed brings a control widget, an upload a button, a DynamicCombo the widgets of the chosen
option, an Autogrow one socket more than is connected.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from . import schema_snapshot
from .input_specs import (
    CONTROL,
    InputSpec,
    OutputSpec,
    SchemaError,
    WidgetSpec,
    expand_widgets,
    grow,
    is_valid_connection,
    listing,
    sections,
    unfold,
)

_AUDIO_PLAYERS = frozenset({"LoadAudio", "SaveAudio", "PreviewAudio", "SaveAudioMP3", "SaveAudioOpus", "SaveAudioAdvanced"})

_TRANSLATED_TITLES = {"LTXVConcatAVLatent": "LTXVConcatAVLatent", "LTXVSeparateAVLatent": "LTXVSeparateAVLatent"}
"""Core types whose title in the frontend's English texts is not the display name that the server sends."""


@dataclass(frozen=True)
class NodeSchema:
    """One node type.

    Attributes:
        type: Class name, as in `class_type`.
        pack: "comfy-core" or the name of the node pack.
        title: What the title bar shows by default.
        inputs: In the order of the schema.
        outputs: In the order of their slots.
        is_output: Whether ComfyUI starts execution from it.
    """

    type: str
    pack: str
    title: str
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    is_output: bool = False

    def widgets(self, values: Mapping[str, Any] | None = None) -> tuple[WidgetSpec, ...]:
        """The widgets in order, for the choices made in `values` (by widget name)."""
        if self._fixed_widgets is not None:
            return self._fixed_widgets
        chosen = dict(values or {})
        return tuple(expand_widgets(self.inputs, lambda spec: chosen.get(spec.name, spec.default)))

    @cached_property
    def _fixed_widgets(self) -> tuple[WidgetSpec, ...] | None:
        """The widgets if no choice changes them, else None."""
        changing = any(spec.type == "COMFY_DYNAMICCOMBO_V3" for spec in self.inputs)
        return None if changing else tuple(expand_widgets(self.inputs, lambda spec: spec.default))

    @cached_property
    def _fixed_sockets(self) -> tuple[InputSpec, ...] | None:
        """The input slots if no choice and no link changes them, else None."""
        if any(spec.type == "COMFY_DYNAMICCOMBO_V3" or spec.is_group for spec in self.inputs):
            return None
        return (*(s for s in self.inputs if not s.has_widget), *(s for s in self.inputs if s.has_widget))

    def read_widgets(self, saved: Any) -> dict[str, Any]:
        """Values by widget name from what a file holds.

        Args:
            saved: A node's `widgets_values`: a list in widget order, a mapping by name (as some packs save), or None.

        Returns:
            Every widget's value; defaults if the file holds too few. Names end in "#2" if two widgets share one.
        """
        if isinstance(saved, Mapping):
            return {spec.name: saved.get(spec.name, spec.default) for spec in self.widgets(saved)}
        return dict(self._zip(saved if isinstance(saved, list) else []))

    def _zip(self, saved: list[Any]) -> Iterator[tuple[str, Any]]:
        result: dict[str, Any] = {}

        def choose(spec: InputSpec) -> Any:
            return result.get(spec.name, spec.default)

        rest = iter(saved)
        for widget in self._fixed_widgets or expand_widgets(self.inputs, choose):
            result[widget.name] = next(rest, widget.default) if widget.saved else widget.default
            yield widget.name, result[widget.name]

    def write_widgets(self, values: Mapping[str, Any]) -> list[Any]:
        """The inverse of `read_widgets`: a list for `widgets_values`, defaults if `values` has none."""
        return [values.get(widget.name, widget.default) for widget in self.widgets(values) if widget.saved]

    def sockets(self, values: Mapping[str, Any] | None = None, linked: Iterable[str] = ()) -> tuple[InputSpec, ...]:
        """The input slots of a node in the frontend's order.

        Args:
            values: Widget values by name; they decide which inputs a DynamicCombo shows.
            linked: Names of connected inputs; they decide how far an Autogrow has grown.
        """
        if self._fixed_sockets is not None:
            return self._fixed_sockets
        chosen = dict(values or {})
        connected = set(linked)
        plain = [spec for spec in self.inputs if not spec.has_widget]
        with_widget = [spec for spec in self.inputs if spec.has_widget]
        result: list[InputSpec] = []
        for spec in plain:
            result.extend(grow(spec, connected) if spec.is_group else [spec])
        for spec in with_widget:
            result.extend(unfold(spec, chosen, connected))
        return tuple(result)

    def input(self, name: str, values: Mapping[str, Any] | None = None) -> InputSpec:
        """The input of that (full) name, given the choices in `values`.

        Raises:
            SchemaError: There is none; lists those that exist.
        """
        for spec in self._known_inputs(dict(values or {}), name):
            if spec.name == name:
                return spec
        names = [spec.name for spec in self.sockets(values, (name,))]
        names += [spec.name for spec in self.widgets(values) if spec.name not in names]
        raise SchemaError(f"{self.type} has no input {name!r}; it has {listing(names)}")

    def _known_inputs(self, chosen: Mapping[str, Any], name: str) -> Iterator[InputSpec]:
        stack = list(self.inputs)
        while stack:
            spec = stack.pop(0)
            if spec.is_group:
                if name.startswith(f"{spec.name}."):
                    yield from (spec.group_member(i) for i in range(spec.group_size()))
                continue
            yield spec
            if spec.type == "COMFY_DYNAMICCOMBO_V3":
                stack[:0] = spec.option_inputs(chosen.get(spec.name, spec.default))

    def output_index(self, name: str | int) -> int:
        """The slot of the output with that name, type or index.

        Raises:
            SchemaError: None or several; lists those that exist.
        """
        if isinstance(name, int):
            if 0 <= name < len(self.outputs):
                return name
        else:
            for found in (
                [i for i, output in enumerate(self.outputs) if output.name == name],
                [i for i, output in enumerate(self.outputs) if output.name.lower() == name.lower()],
                [i for i, output in enumerate(self.outputs) if output.type == name],
            ):
                if len(found) == 1:
                    return found[0]
        names = [f"{i} {output.name!r} ({output.type})" for i, output in enumerate(self.outputs)]
        raise SchemaError(f"{self.type} has no single output {name!r}; it has {listing(names)}")


class Schemas:
    """Node types by name, from one or several snapshots."""

    def __init__(self, nodes: Mapping[str, NodeSchema]) -> None:
        self._nodes = dict(nodes)

    @classmethod
    def load(cls, folder: Path | None = None) -> Schemas:
        """All committed snapshots (or those of another folder), read once per process."""
        return _load(folder or schema_snapshot.FOLDER)

    @classmethod
    def from_entries(cls, pack: str, entries: Mapping[str, Mapping[str, Any]]) -> Schemas:
        """Schemas from shortened /object_info entries (see `schema_snapshot.shorten`)."""
        return cls({node_type: _node(node_type, pack, entry) for node_type, entry in entries.items()})

    @classmethod
    def from_object_info(cls, info: Mapping[str, Any]) -> Schemas:
        """Schemas from a whole /object_info answer."""
        merged = cls({})
        for pack, entries in schema_snapshot.split(info).items():
            merged = merged.merged(cls.from_entries(pack, entries))
        return merged

    def merged(self, other: Schemas) -> Schemas:
        """Both; if both know a type, `other` wins."""
        return Schemas({**self._nodes, **other._nodes})

    def __contains__(self, node_type: object) -> bool:
        return node_type in self._nodes

    def __getitem__(self, node_type: str) -> NodeSchema:
        if node_type in self._nodes:
            return self._nodes[node_type]
        near = difflib.get_close_matches(node_type, self._nodes, n=3)
        hint = f"; the nearest known are {', '.join(near)}" if near else ""
        raise SchemaError(f"no snapshot knows the node type {node_type!r}{hint}")

    def get(self, node_type: str) -> NodeSchema | None:
        """The schema, or None if no snapshot knows the type."""
        return self._nodes.get(node_type)

    @property
    def types(self) -> tuple[str, ...]:
        """All known types, sorted."""
        return tuple(sorted(self._nodes))


def _node(node_type: str, pack: str, entry: Mapping[str, Any]) -> NodeSchema:
    inputs = list(sections(entry))
    required = entry.get("required", {})
    # Additions that the frontend's own extensions make to schemas before it draws a node.
    if node_type in _AUDIO_PLAYERS:
        inputs.append(InputSpec("audioUI", "AUDIO_UI"))
    if node_type in ("SaveGLB", "Preview3D"):
        inputs.append(InputSpec("image", "PREVIEW_3D"))
    if any(_is_media_upload(spec) for spec in required.values()):
        inputs.append(InputSpec("upload", "IMAGEUPLOAD"))
    elif len(required.get("audio", ())) > 1 and required["audio"][1].get("audio_upload") is True:
        inputs.append(InputSpec("upload", "AUDIOUPLOAD"))
    kinds = entry["output"]
    names = entry.get("output_name") or kinds
    lists = entry.get("output_is_list") or [False] * len(kinds)
    groups = entry.get("output_matchtypes") or [None] * len(kinds)
    outputs = tuple(
        OutputSpec(str(name), "*" if kind == "COMFY_MATCHTYPE_V3" else str(kind), bool(is_list), str(group or ""))
        for kind, name, is_list, group in zip(kinds, names, lists, groups, strict=True)
    )
    title = _TRANSLATED_TITLES.get(node_type) or str(entry.get("display_name") or node_type)
    return NodeSchema(node_type, pack, title, tuple(inputs), outputs, bool(entry.get("output_node")))


def _is_media_upload(spec: list[Any]) -> bool:
    options = spec[1] if len(spec) > 1 else {}
    is_combo = isinstance(spec[0], list) or spec[0] == "COMBO"
    return is_combo and any(options.get(key) is True for key in ("image_upload", "video_upload", "animated_image_upload"))


@lru_cache(maxsize=8)
def _load(folder: Path) -> Schemas:
    merged = Schemas({})
    for path in sorted(folder.glob("*.json")):
        pack, entries = schema_snapshot.read(path)
        merged = merged.merged(Schemas.from_entries(pack, entries))
    return merged


__all__ = [
    "CONTROL",
    "InputSpec",
    "NodeSchema",
    "OutputSpec",
    "SchemaError",
    "Schemas",
    "WidgetSpec",
    "is_valid_connection",
]
