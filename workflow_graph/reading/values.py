"""The value of an input, if the graph says it: written at the node itself, or passed on by constants and sizes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ...loop_control.errors import PlanError
from ...loop_control.geometry import WindowGeometry, make_geometry

_LTX_25 = re.compile(r"ltx[-_ ]?v?2[._]5", re.IGNORECASE)

_CONSTANTS = {
    "AudioLoopKeyframes": "schedule",
    "AudioLoopPrompts": "schedule",
    "BOOLConstant": "value",
    "FloatConstant": "value",
    "INTConstant": "value",
    "PrimitiveBoolean": "value",
    "PrimitiveFloat": "value",
    "PrimitiveInt": "value",
    "PrimitiveString": "value",
    "PrimitiveStringMultiline": "value",
    "StringConstant": "string",
    "StringConstantMultiline": "string",
}
"""Types whose output is one of their widgets -> that widget."""

_PASSED_THROUGH = {
    "AudioLoopVideoSize": {0: "width", 1: "height"},
    "ImageResizeKJv2": {1: "width", 2: "height"},
    "LTXSmartImageResize": {1: "width", 2: "height"},
    "LTXFramePlanner": {0: "target_width", 1: "target_height", 3: "target_seconds", 4: "fps", 5: "fps"},
}
"""Type -> output slot -> the input whose value comes out of it."""

_HALVED = {"AudioLoopVideoSize": {2: "width", 3: "height"}}
"""Type -> output slot -> the input half of whose value comes out of it."""


class TypedNode(Protocol):
    """A node of any form of a graph."""

    @property
    def type(self) -> str:
        """Class name."""
        ...


N = TypeVar("N", bound=TypedNode)


@dataclass(frozen=True)
class Fed(Generic[N]):
    """An input that takes its value from an output.

    Attributes:
        node: The node that makes the value; None if nothing does.
        slot: Its output.
    """

    node: N | None
    slot: int


Look = Callable[[N, str], Any]
"""(node, input name) -> `Fed` if a wire ends there, else the value that is written there, or None."""


@dataclass(frozen=True)
class Written(Generic[N]):
    """A value that is written in the graph.

    Attributes:
        node: The node that holds it, which is where a user changes it.
        name: The input there.
        value: What comes out of it; None if nothing is written there.
    """

    node: N
    name: str
    value: Any


def written(node: N, name: str, look: Look[N]) -> Written[N] | None:
    """Where the value of an input is written; None if it is not written in the graph."""
    walked: set[tuple[N, str]] = set()
    halvings = 0
    while (node, name) not in walked:
        walked.add((node, name))
        found = look(node, name)
        if not isinstance(found, Fed):
            made = _as_made(node, name, found, look)
            return Written(node, name, made // 2**halvings if halvings and is_number(made) else made)
        origin = found.node
        if origin is None:
            return None
        if origin.type == "StringConstantMultiline" and look(origin, "strip_newlines") is not False:
            return None
        half = _HALVED.get(origin.type, {}).get(found.slot)
        halvings += half is not None
        passed = half or _CONSTANTS.get(origin.type) or _PASSED_THROUGH.get(origin.type, {}).get(found.slot)
        if passed is None:
            return None
        node, name = origin, passed
    return None


def value(node: N, name: str, look: Look[N]) -> Any:
    """The value of an input; None if it is not written in the graph."""
    found = written(node, name, look)
    return None if found is None else found.value


def is_number(found: object) -> bool:
    """Whether a value is a number; True and False are none, and neither is a whole one that no float is as large as."""
    if isinstance(found, int) and not isinstance(found, bool):
        return abs(found) <= sys.float_info.max
    return isinstance(found, float)


def number(node: N, name: str, look: Look[N]) -> int | float | None:
    """The number of an input; None if it is not written in the graph."""
    found = value(node, name, look)
    return found if is_number(found) else None


def geometry(nodes: Iterable[N], number_of: Callable[[N, str], int | float | None]) -> WindowGeometry | None:
    """Window and stride of a loop; None if no node says them in numbers.

    Args:
        nodes: Controllers and planners; the first one that says all of it counts.
        number_of: Gives the number of one of their inputs.
    """
    for node in nodes:
        window, overlap, fps = (number_of(node, name) for name in ("window_seconds", "overlap_seconds", "fps"))
        if window is None or overlap is None or fps is None:
            continue
        try:
            return make_geometry(window, overlap, fps)
        except PlanError:
            continue
    return None


def _as_made(node: N, name: str, found: Any, look: Look[N]) -> Any:
    """The value that a node makes of a widget's."""
    step = look(node, "divisible_by") if node.type == "ImageResizeKJv2" and name in ("width", "height") else None
    if isinstance(step, int) and step > 1 and isinstance(found, int):
        return found - found % step
    return found


def is_ltx25_file(name: str) -> bool:
    """Whether a file is of LTX 2.5, by its name."""
    return _LTX_25.search(name) is not None
