# ruff: noqa: RUF012  ComfyUI reads these class attributes as they are
"""Nodes for tests of the loop engine. Every node that has a `name` writes down each of its runs in `RUNS`."""

from __future__ import annotations

import asyncio
import sys
import time
import weakref
from typing import Any

import torch
from comfy_execution.graph_utils import ExecutionBlocker, GraphBuilder

RUNS: list[tuple[str, Any]] = []
"""(name, numbers) of every run, in order."""

KEPT: list[Any] = []
"""What `TestKeep` was given."""

ALIVE: list[weakref.ref] = []
PEAKS: list[int] = []
"""Big pictures that were made and are still in memory, and how many were when each was made."""

ANY = "*"


class AnyType(str):
    """Fits every type, in both directions."""

    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


ANY_TYPE = AnyType(ANY)


def numbers_of(value: Any) -> list[float]:
    """One number per frame: its mean. Of a nested latent the video's numbers, then the audio's."""
    if isinstance(value, dict):
        samples = value["samples"]
        parts = samples.unbind() if getattr(samples, "is_nested", False) else [samples]
        return [round(float(part[:, :, i].mean()), 3) for part in parts for i in range(part.shape[2])]
    if isinstance(value, torch.Tensor):
        return [round(float(frame.mean()), 3) for frame in value]
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in numbers_of(item)]
    return [value]


def _frames(kind: str, numbers: list[float]) -> Any:
    count = len(numbers)
    values = torch.tensor(numbers, dtype=torch.float32)
    if kind == "image":
        return values.reshape(count, 1, 1, 1).expand(count, 2, 2, 3).clone()
    if kind == "mask":
        return values.reshape(count, 1, 1).expand(count, 2, 2).clone()
    video = values.reshape(1, 1, count, 1, 1).expand(1, 4, count, 2, 2).clone()
    if kind == "video":
        return {"samples": video}
    # 25 audio latents a second and 25 pixel frames a second, 8 of which are one latent frame; the first is one alone.
    length = (count - 1) * 8 + 1 if kind == "nested" else count
    audio = torch.arange(length, dtype=torch.float32).reshape(1, 1, length, 1) / 1000 + numbers[0]
    audio = audio.expand(1, 8, length, 16).clone()
    if kind == "audio":
        return {"samples": values.reshape(1, 1, count, 1).expand(1, 8, count, 16).clone(), "type": "audio"}
    from comfy.nested_tensor import NestedTensor

    return {"samples": NestedTensor([video, audio])}


class Node:
    CATEGORY = "audio loop/test"
    FUNCTION = "execute"
    RETURN_TYPES = (ANY_TYPE,)
    REQUIRED: dict[str, Any] = {}
    OPTIONAL: dict[str, Any] = {}

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802  ComfyUI's name
        return {"required": dict(cls.REQUIRED), "optional": {"name": ("STRING", {"default": ""}), **cls.OPTIONAL}}


class TestFrames(Node):
    """`count` frames of `kind` that show `first`, `first + 1`, ..."""

    REQUIRED = {"kind": ("STRING", {}), "first": (ANY_TYPE, {}), "count": ("INT", {})}

    def execute(self, kind: str, first: float, count: int, name: str = "") -> tuple:
        RUNS.append((name, [first]))
        return (_frames(kind, [first + i for i in range(count)]),)


class TestCount(Node):
    """Passes a value through and writes down its numbers."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    OPTIONAL = {"also": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "", also: Any = None) -> tuple:
        RUNS.append((name, numbers_of(value)))
        return (value,)


class TestPlus(Node):
    """a + b for numbers and frames."""

    REQUIRED = {"a": (ANY_TYPE, {}), "b": (ANY_TYPE, {})}

    def execute(self, a: Any, b: Any, name: str = "") -> tuple:
        RUNS.append((name, numbers_of(a) + numbers_of(b)))
        if isinstance(a, dict):
            return ({"samples": a["samples"] + b},)
        return (a + b,)


class TestEqual(Node):
    REQUIRED = {"a": (ANY_TYPE, {}), "b": (ANY_TYPE, {})}

    def execute(self, a: Any, b: Any, name: str = "") -> tuple:
        RUNS.append((name, [a, b]))
        return (a == b,)


class TestTimes(Node):
    REQUIRED = {"a": (ANY_TYPE, {}), "b": (ANY_TYPE, {})}

    def execute(self, a: Any, b: Any, name: str = "") -> tuple:
        RUNS.append((name, [a, b]))
        return (a * b,)


class TestThreshold(Node):
    """Whether the first number of a value is `least` or more."""

    REQUIRED = {"value": (ANY_TYPE, {}), "least": ("FLOAT", {})}

    def execute(self, value: Any, least: float, name: str = "") -> tuple:
        RUNS.append((name, numbers_of(value)))
        return (numbers_of(value)[0] >= least,)


class TestWhole(Node):
    """A number as an INT socket, and as a BOOLEAN one."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    RETURN_TYPES = ("INT", "BOOLEAN")

    def execute(self, value: Any, name: str = "") -> tuple:
        RUNS.append((name, [value]))
        return (int(value), bool(value))


class TestSplit(Node):
    """A list with one value per frame."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    OUTPUT_IS_LIST = (True,)

    def execute(self, value: Any, name: str = "") -> tuple:
        RUNS.append((name, numbers_of(value)))
        return ([value[i : i + 1] for i in range(len(value))],)


class TestUnite(Node):
    """One batch of a list."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    INPUT_IS_LIST = True

    def execute(self, value: list, name: list = ("",)) -> tuple:
        RUNS.append((name[0], [len(value)]))
        return (torch.cat(value),)


class TestExpand(Node):
    """Adds 1 twice, by expanding into two other nodes."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "") -> dict:
        RUNS.append((name, numbers_of(value)))
        graph = GraphBuilder()
        first = graph.node("TestPlus", a=value, b=1, name=f"{name} inner")
        second = graph.node("TestPlus", a=first.out(0), b=1, name=f"{name} inner")
        return {"result": (second.out(0),), "expand": graph.finalize()}


class TestAsync(Node):
    """Passes a value through after a while."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    async def execute(self, value: Any, name: str = "") -> tuple:
        await asyncio.sleep(0.002)
        RUNS.append((name, numbers_of(value)))
        return (value,)


class TestAsyncSink(Node):
    """An output node that takes its time."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    async def execute(self, value: Any, name: str = "") -> dict:
        await asyncio.sleep(0.01)
        RUNS.append((name, numbers_of(value)))
        return {"ui": {"numbers": numbers_of(value)}}


class TestFail(Node):
    """Passes a value through, but fails if `number` is `at`."""

    REQUIRED = {"value": (ANY_TYPE, {}), "number": (ANY_TYPE, {}), "at": ("INT", {})}

    def execute(self, value: Any, number: int, at: int, name: str = "") -> tuple:
        RUNS.append((name, [number]))
        if number == at:
            raise RuntimeError(f"failed on purpose at {at}")
        return (value,)


class TestSteps(Node):
    """Passes a value through in `steps` steps, as a sampler does."""

    REQUIRED = {"value": (ANY_TYPE, {}), "sampler": ("STRING", {}), "steps": ("INT", {}), "seconds": ("FLOAT", {})}

    def execute(self, value: Any, sampler: str, steps: int, seconds: float, name: str = "") -> tuple:
        import comfy.utils

        RUNS.append((name, [steps]))
        bar = comfy.utils.ProgressBar(steps)
        for step in range(steps):
            time.sleep(seconds)
            bar.update_absolute(step + 1)
        return (value,)


class TestInterrupt(TestFail):
    """Presses the stop button if `number` is `at`."""

    def execute(self, value: Any, number: int, at: int, name: str = "") -> tuple:
        import comfy.model_management

        RUNS.append((name, [number]))
        if number == at:
            comfy.model_management.interrupt_current_processing()
        return (value,)


class TestBlock(TestFail):
    """Blocks what comes after it if `number` is `at`; at every number if `at` is -1."""

    def execute(self, value: Any, number: int, at: int, name: str = "") -> tuple:
        RUNS.append((name, [number]))
        return (ExecutionBlocker(None) if at in (number, -1) else value,)


class TestBig(Node):
    """A picture of about 5 MB (1, 768, 576, 3) that is `previous` + 1 in one corner."""

    REQUIRED = {"previous": (ANY_TYPE, {})}

    def execute(self, previous: torch.Tensor, name: str = "") -> tuple:
        RUNS.append((name, [float(previous[0, 0, 0, 0])]))
        made = torch.zeros(1, 768, 576, 3)
        made[0, 0, 0, 0] = previous[0, 0, 0, 0] + 1
        ALIVE.append(weakref.ref(made))
        ALIVE[:] = [ref for ref in ALIVE if ref() is not None]
        PEAKS.append(len(ALIVE))
        return (made,)


class TestSink(Node):
    """An output node that shows its numbers in the UI."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def execute(self, value: Any, name: str = "") -> dict:
        RUNS.append((name, numbers_of(value)))
        return {"ui": {"numbers": numbers_of(value)}}


class TestShow(TestSink):
    """An output node that passes its value on, as text previews of many packs do."""

    RETURN_TYPES = (ANY_TYPE,)

    def execute(self, value: Any, name: str = "") -> dict:
        return super().execute(value, name) | {"result": (value,)}


class TestFirst(Node):
    """The first number of a value."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "") -> tuple:
        return (numbers_of(value)[0],)


class TestPass(Node):
    """Passes the very same object on."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "") -> tuple:
        return (value,)


class TestCorner(Node):
    """A small picture with the number in the corner of the last one."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "") -> tuple:
        return (_frames("image", [float(value[-1, 0, 0, 0])]),)


class TestSinkCorner(Node):
    """An output node that looks at one corner."""

    REQUIRED = {"value": (ANY_TYPE, {})}
    RETURN_TYPES = ()
    OUTPUT_NODE = True

    def execute(self, value: Any, name: str = "") -> dict:
        RUNS.append((name, [float(value[0, 0, 0, 0])]))
        return {"ui": {"numbers": [float(value[0, 0, 0, 0])]}}


class TestShowCorner(TestSinkCorner):
    """An output node that looks at one corner and passes its value on."""

    RETURN_TYPES = (ANY_TYPE,)

    def execute(self, value: Any, name: str = "") -> dict:
        return super().execute(value, name) | {"result": (value,)}


class TestAskToStop(Node):
    """Passes a value through, but presses the pack's stop button if `number` is `at`, or `AT` if that is set.

    `AT` lets the same prompt run again with another answer; the button is no part of a prompt either.
    """

    REQUIRED = {"value": (ANY_TYPE, {}), "number": (ANY_TYPE, {}), "at": ("INT", {})}
    AT: int | None = None

    def execute(self, value: Any, number: int, at: int, name: str = "") -> tuple:
        RUNS.append((name, [number]))
        if number == (at if self.AT is None else self.AT):
            ask_to_stop()
        return (value,)


def ask_to_stop() -> None:
    """What the pack's stop button does, for the render that this node belongs to."""
    from comfy_execution.utils import get_executing_context

    # The pack as ComfyUI has loaded it, not the one that tests import.
    names = [name for name in sys.modules if name.endswith("loop_engine.running_loops")]
    pack = next(sys.modules[name] for name in names if not name.startswith("audio_loop"))
    pack.running_loops.ask_to_stop(get_executing_context().prompt_id)


class TestKeep(TestSink):
    """An output node that keeps its value in `KEPT`."""

    def execute(self, value: Any, name: str = "") -> dict:
        KEPT.append(value)
        return super().execute(value, name)


class TestMask(Node):
    """A latent with a noise mask."""

    REQUIRED = {"value": (ANY_TYPE, {})}

    def execute(self, value: Any, name: str = "") -> tuple:
        return (value | {"noise_mask": torch.ones(1, 1, 1, 2, 2)},)


_NODES = (
    TestFirst,
    TestPass,
    TestCorner,
    TestSinkCorner,
    TestShowCorner,
    TestAskToStop,
    TestKeep,
    TestMask,
    TestFrames,
    TestCount,
    TestPlus,
    TestEqual,
    TestTimes,
    TestThreshold,
    TestWhole,
    TestSplit,
    TestUnite,
    TestExpand,
    TestAsync,
    TestAsyncSink,
    TestFail,
    TestSteps,
    TestInterrupt,
    TestBlock,
    TestBig,
    TestSink,
    TestShow,
)
NODE_CLASS_MAPPINGS = {node.__name__: node for node in _NODES}
