"""One input, widget or output of a node type, and how sockets and widgets unfold from the choices made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WIDGET_TYPES = frozenset(
    """
    INT FLOAT BOOLEAN STRING MARKDOWN COMBO IMAGEUPLOAD COLOR IMAGECOMPARE BOUNDING_BOX CHART GALLERIA PAINTER
    COMPOSITOR TEXTAREA CURVE RANGE VIDEO_EDIT BOUNDING_BOXES COLORS COMFY_DYNAMICCOMBO_V3 AUDIO_UI AUDIOUPLOAD PREVIEW_3D
    AUDIO_RECORD WEBCAM LOAD_3D
    """.split()  # noqa: SIM905  one a line would be longer than the rest of the file
)
"""Input types for which the frontend draws a widget."""

CONTROL = "control_after_generate"

_BUTTONS = {"IMAGEUPLOAD": "image", "AUDIOUPLOAD": ""}


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
        """The values that a COMBO allows; empty if they are files of a machine, and then anything goes."""
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
                return tuple(sections(option["inputs"], prefix=f"{self.name}."))
        return ()

    def group_member(self, index: int) -> InputSpec:
        """The `index`-th input (from 0) of an Autogrow."""
        template = self.options["template"]
        member = next(sections(template["input"]))
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


def is_valid_connection(one: Any, other: Any) -> bool:
    """Whether the frontend lets an output of type `one` end in an input of type `other` (LiteGraph.isValidConnection)."""
    if one in ("", "*", 0, None) or other in ("", "*", 0, None):
        return True
    left, right = str(one).lower().split(","), str(other).lower().split(",")
    return any(a == b or "*" in (a, b) or "" in (a, b) for a in left for b in right)


def grow(spec: InputSpec, connected: set[str]) -> list[InputSpec]:
    """The inputs that an Autogrow shows: one more than the last that is connected, and at least one more than its minimum."""
    size = spec.group_size()
    last = max((i for i in range(size) if spec.group_member(i).name in connected), default=-1)
    shown = min(size, max(last + 2, int(spec.options["template"].get("min", 1)) + 1, 1))
    return [spec.group_member(i) for i in range(shown)]


def unfold(spec: InputSpec, chosen: Mapping[str, Any], connected: set[str]) -> list[InputSpec]:
    """An input with a widget, followed by those that the choice of a DynamicCombo brings."""
    result = [spec]
    if spec.type == "COMFY_DYNAMICCOMBO_V3":
        for nested in spec.option_inputs(chosen.get(spec.name, spec.default)):
            if nested.is_group:
                result.extend(grow(nested, connected))
            elif nested.has_widget:
                result.extend(unfold(nested, chosen, connected))
            else:
                result.append(nested)
    return result


def expand_widgets(inputs: Iterable[InputSpec], choose: Callable[[InputSpec], Any]) -> Iterator[WidgetSpec]:
    """The widgets of some inputs in order; `choose` tells the choice made in a DynamicCombo."""
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


def sections(inputs: Mapping[str, Any], prefix: str = "") -> Iterator[InputSpec]:
    """The inputs of a schema entry: required, then optional."""
    for section in ("required", "optional"):
        for name, spec in inputs.get(section, {}).items():
            yield read_input(f"{prefix}{name}", spec, required=section == "required")


def read_input(name: str, spec: list[Any], *, required: bool) -> InputSpec:
    """One input from its schema entry."""
    kind = spec[0]
    options = dict(spec[1]) if len(spec) > 1 else {}
    if isinstance(kind, list):
        return InputSpec(name, "COMBO", required, {**options, "options": kind})
    if kind == "COMFY_MATCHTYPE_V3":
        template = options.get("template", {})
        return InputSpec(name, str(template.get("allowed_types", "*")), required, options, str(template.get("template_id")))
    return InputSpec(name, str(kind), required, options)


def listing(names: Iterable[str]) -> str:
    """Names for an error message."""
    return ", ".join(names) or "none"
