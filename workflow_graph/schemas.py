"""What each node type looks like: inputs, widgets in their order, outputs, read from the committed snapshots.

The order of sockets and widgets follows the frontend (comfyui-frontend-package 1.49): sockets without a widget come first,
then those with one; a seed brings a control widget, an upload a button, a DynamicCombo the widgets of the chosen
option, an Autogrow one socket more than is connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import schema_snapshot

WIDGET_TYPES = frozenset(
    """
    INT FLOAT BOOLEAN STRING MARKDOWN COMBO IMAGEUPLOAD COLOR IMAGECOMPARE BOUNDING_BOX CHART GALLERIA PAINTER
    COMPOSITOR TEXTAREA CURVE RANGE VIDEO_EDIT BOUNDING_BOXES COLORS COMFY_DYNAMICCOMBO_V3 AUDIO_UI AUDIOUPLOAD PREVIEW_3D
    AUDIO_RECORD WEBCAM LOAD_3D
    """.split()  # noqa: SIM905  one a line would be longer than the rest of the file
)
"""Input types for which the frontend draws a widget."""

CONTROL = "control_after_generate"
_TRANSLATED_TITLES = {"LTXVConcatAVLatent": "LTXVConcatAVLatent", "LTXVSeparateAVLatent": "LTXVSeparateAVLatent"}
"""Core types whose title in the frontend's English texts is not the display name that the server sends."""

_BUTTONS = {"IMAGEUPLOAD": "image", "AUDIOUPLOAD": ""}
_AUDIO_PLAYERS = frozenset({"LoadAudio", "SaveAudio", "PreviewAudio", "SaveAudioMP3", "SaveAudioOpus", "SaveAudioAdvanced"})


class SchemaError(ValueError):
    """A node type, input, output or value that the schemas do not know; the message names the nearest that exists."""


@dataclass(frozen=True)
class InputSpec:
    """One input of a node type.

    Attributes:
        name: Full name, with the names of the groups it lies in ("mode.iterations", "values.a").
        type: Socket type; "COMBO" for choices; several types are joined by commas.
        required: Whether a prompt without it is refused by ComfyUI.
        options: The rest of the schema entry (default, min, max, forceInput, ...).
        match_group: Inputs and outputs of one group share a type (MatchType), else "".
    """

    name: str
    type: str
    required: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    match_group: str = ""

    @property
    def widget_type(self) -> str:
        """The type that decides which widget is drawn."""
        return str(self.options.get("widgetType") or self.type)

    @property
    def has_widget(self) -> bool:
        """Whether the frontend draws a widget for it."""
        return self.widget_type in WIDGET_TYPES and not self.options.get("forceInput")

    @property
    def takes_link(self) -> bool:
        """Whether a link makes sense here; the frontend draws a socket even for buttons and players."""
        return self.widget_type not in ("AUDIO_UI", "PREVIEW_3D", *_BUTTONS)

    @property
    def is_group(self) -> bool:
        """Whether it stands for a growing list of inputs instead of one."""
        return self.type == "COMFY_AUTOGROW_V3"

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values that a COMBO allows; empty where they are files of one machine, and then anything goes."""
        if self.type == "COMFY_DYNAMICCOMBO_V3":
            return tuple(option["key"] for option in self.options.get("options", ()))
        return tuple(self.options.get("options", ())) if self.type == "COMBO" else ()

    @property
    def default(self) -> Any:
        """The value that the frontend starts with."""
        kind = self.widget_type
        if kind in ("COMBO", "COMFY_DYNAMICCOMBO_V3"):
            return self.options.get("default") or next(iter(self.choices), None)
        if kind in _BUTTONS:
            return _BUTTONS[kind]
        fallback: dict[str, Any] = {"INT": 0, "FLOAT": 0, "BOOLEAN": False, "STRING": "", "COLOR": "#000000"}
        fallback.update({"PREVIEW_3D": "", "IMAGECOMPARE": ["", ""]})
        return self.options.get("default", fallback.get(kind))

    def option_inputs(self, key: Any) -> tuple[InputSpec, ...]:
        """The inputs that the option `key` of a DynamicCombo adds."""
        for option in self.options.get("options", ()):
            if option["key"] == key:
                return tuple(_sections(option["inputs"], prefix=f"{self.name}."))
        return ()

    def group_member(self, index: int) -> InputSpec:
        """The `index`-th input (from 0) of an Autogrow."""
        template = self.options["template"]
        member = next(_sections(template["input"]))
        names = template.get("names")
        tail = names[index] if names else f"{template.get('prefix', '')}{index}"
        required = member.required and index < template.get("min", 1)
        return replace(member, name=f"{self.name}.{tail}", required=required)

    def group_size(self) -> int:
        """How many inputs an Autogrow can have at most."""
        template = self.options["template"]
        return len(template["names"]) if template.get("names") else int(template.get("max", 100))


@dataclass(frozen=True)
class WidgetSpec:
    """One widget of a node.

    Attributes:
        name: Unique in the node; the input's name, or "control_after_generate" and the like for what is no input.
        default: Value of a fresh node.
        input: The input it belongs to; None for control widgets.
        in_prompt: Whether its value is sent to the server.
        saved: Whether its value is in the node's `widgets_values`.
    """

    name: str
    default: Any
    input: InputSpec | None
    in_prompt: bool = True
    saved: bool = True


@dataclass(frozen=True)
class OutputSpec:
    """One output of a node type; `match_group` as in `InputSpec`."""

    name: str
    type: str
    is_list: bool = False
    match_group: str = ""


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
        chosen = dict(values or {})
        return tuple(_expand_widgets(self.inputs, lambda spec: chosen.get(spec.name, spec.default)))

    def read_widgets(self, saved: Any) -> dict[str, Any]:
        """Values by widget name from what a file holds.

        Args:
            saved: A node's `widgets_values`: a list in widget order, a mapping by name (as some packs save), or None.

        Returns:
            Every widget's value; defaults where the file holds too few. Names end in "#2" where two widgets share one.
        """
        if isinstance(saved, Mapping):
            return {spec.name: saved.get(spec.name, spec.default) for spec in self.widgets(saved)}
        return dict(self._zip(saved if isinstance(saved, list) else []))

    def _zip(self, saved: list[Any]) -> Iterator[tuple[str, Any]]:
        result: dict[str, Any] = {}

        def choose(spec: InputSpec) -> Any:
            return result.get(spec.name, spec.default)

        rest = iter(saved)
        for widget in _expand_widgets(self.inputs, choose):
            result[widget.name] = next(rest, widget.default) if widget.saved else widget.default
            yield widget.name, result[widget.name]

    def write_widgets(self, values: Mapping[str, Any]) -> list[Any]:
        """The inverse of `read_widgets`: a list for `widgets_values`, defaults where `values` has none."""
        return [values.get(widget.name, widget.default) for widget in self.widgets(values) if widget.saved]

    def sockets(self, values: Mapping[str, Any] | None = None, linked: Iterable[str] = ()) -> tuple[InputSpec, ...]:
        """The input slots of a node in the frontend's order.

        Args:
            values: Widget values by name; they decide which inputs a DynamicCombo shows.
            linked: Names of connected inputs; they decide how far an Autogrow has grown.
        """
        chosen = dict(values or {})
        connected = set(linked)
        plain = [spec for spec in self.inputs if not spec.has_widget]
        with_widget = [spec for spec in self.inputs if spec.has_widget]
        result: list[InputSpec] = []
        for spec in plain:
            result.extend(_grow(spec, connected) if spec.is_group else [spec])
        for spec in with_widget:
            result.extend(_unfold(spec, chosen, connected))
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
        raise SchemaError(f"{self.type} has no input {name!r}; it has {_listing(names)}")

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
        raise SchemaError(f"{self.type} has no single output {name!r}; it has {_listing(names)}")


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
        """Both; where both know a type, `other` wins."""
        return Schemas({**self._nodes, **other._nodes})

    def __contains__(self, node_type: object) -> bool:
        return node_type in self._nodes

    def __getitem__(self, node_type: str) -> NodeSchema:
        if node_type in self._nodes:
            return self._nodes[node_type]
        import difflib

        near = difflib.get_close_matches(node_type, self._nodes, n=3)
        hint = f"; the nearest known are {', '.join(near)}" if near else ""
        raise SchemaError(f"no snapshot knows the node type {node_type!r}{hint}")

    def get(self, node_type: str) -> NodeSchema | None:
        """The schema, or None where no snapshot knows the type."""
        return self._nodes.get(node_type)

    @property
    def types(self) -> tuple[str, ...]:
        """All known types, sorted."""
        return tuple(sorted(self._nodes))


def is_valid_connection(one: Any, other: Any) -> bool:
    """Whether the frontend lets an output of type `one` end in an input of type `other` (LiteGraph.isValidConnection)."""
    if one in ("", "*", 0, None) or other in ("", "*", 0, None):
        return True
    left, right = str(one).lower().split(","), str(other).lower().split(",")
    return any(a == b or "*" in (a, b) or "" in (a, b) for a in left for b in right)


def _grow(spec: InputSpec, connected: set[str]) -> list[InputSpec]:
    size = spec.group_size()
    last = max((i for i in range(size) if spec.group_member(i).name in connected), default=-1)
    shown = min(size, max(last + 2, int(spec.options["template"].get("min", 1)) + 1, 1))
    return [spec.group_member(i) for i in range(shown)]


def _unfold(spec: InputSpec, chosen: Mapping[str, Any], connected: set[str]) -> list[InputSpec]:
    result = [spec]
    if spec.type == "COMFY_DYNAMICCOMBO_V3":
        for nested in spec.option_inputs(chosen.get(spec.name, spec.default)):
            if nested.is_group:
                result.extend(_grow(nested, connected))
            elif nested.has_widget:
                result.extend(_unfold(nested, chosen, connected))
            else:
                result.append(nested)
    return result


def _expand_widgets(inputs: Iterable[InputSpec], choose: Any) -> Iterator[WidgetSpec]:
    used: set[str] = set()

    def unique(name: str) -> str:
        number, result = 1, name
        while result in used:
            number += 1
            result = f"{name}#{number}"
        used.add(result)
        return result

    def expand(spec: InputSpec) -> Iterator[WidgetSpec]:
        if not spec.has_widget or spec.is_group or spec.widget_type == "AUDIO_UI":
            return
        kind = spec.widget_type
        yield WidgetSpec(unique(spec.name), spec.default, spec, in_prompt=kind not in _BUTTONS, saved=kind != "IMAGECOMPARE")
        control = spec.options.get(CONTROL)
        if kind == "INT" and control is None:
            control = spec.name in ("seed", "noise_seed")
        if kind in ("INT", "FLOAT", "COMBO") and control:
            start = control if isinstance(control, str) else "fixed" if kind == "FLOAT" else "randomize"
            yield WidgetSpec(unique(CONTROL), start, None, in_prompt=False)
            if kind == "COMBO":
                yield WidgetSpec(unique("control_filter_list"), "", None, in_prompt=False)
        if kind == "COMFY_DYNAMICCOMBO_V3":
            for nested in spec.option_inputs(choose(spec)):
                yield from expand(nested)

    for spec in inputs:
        yield from expand(spec)


def _sections(inputs: Mapping[str, Any], prefix: str = "") -> Iterator[InputSpec]:
    for section in ("required", "optional"):
        for name, spec in inputs.get(section, {}).items():
            yield _input(f"{prefix}{name}", spec, required=section == "required")


def _input(name: str, spec: list[Any], *, required: bool) -> InputSpec:
    kind = spec[0]
    options = dict(spec[1]) if len(spec) > 1 else {}
    if isinstance(kind, list):
        return InputSpec(name, "COMBO", required, {**options, "options": kind})
    if kind == "COMFY_MATCHTYPE_V3":
        template = options.get("template", {})
        return InputSpec(name, str(template.get("allowed_types", "*")), required, options, str(template.get("template_id")))
    return InputSpec(name, str(kind), required, options)


def _node(node_type: str, pack: str, entry: Mapping[str, Any]) -> NodeSchema:
    inputs = list(_sections(entry))
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


def _listing(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


@lru_cache(maxsize=8)
def _load(folder: Path) -> Schemas:
    merged = Schemas({})
    for path in sorted(folder.glob("*.json")):
        pack, entries = schema_snapshot.read(path)
        merged = merged.merged(Schemas.from_entries(pack, entries))
    return merged
