"""ComfyUI's real executor in this process, once per kind of cache, and a builder of prompts with loops."""

from __future__ import annotations

import itertools
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from audio_loop.comfy_host.environment import ensure_comfyui
from audio_loop.comfy_host.in_process import CACHES, InProcessComfyUI, PromptFailed, Run

ENGINE_NODES = Path(__file__).resolve().parent / "engine_nodes"
TIMEOUT_SECONDS = 60
Link = list


@dataclass
class Expected:
    """What a prompt should do: the numbers that sink `sink` shows, how often the named nodes run, and with what."""

    shown: list[float]
    runs: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, list[list[float]]] = field(default_factory=dict)


class Graph:
    """A prompt that is written node by node. Links are `[id, slot]`; ids count up unless given."""

    def __init__(self, salt: int = 0) -> None:
        self.prompt: dict[str, Any] = {}
        self.salt = salt

    def add(self, class_type: str, node_id: str | None = None, **inputs: Any) -> Link:
        """A node, and the link to its first output. `overlap__overlap_frames` is the input `overlap.overlap_frames`."""
        node_id = node_id or str(len(self.prompt) + 1)
        wired = {name.replace("__", "."): value for name, value in inputs.items() if value is not None}
        # ComfyUI ignores an input that no node declares, but its cache key has it: another salt, another prompt.
        self.prompt[node_id] = {"class_type": class_type, "inputs": wired | {"salt": self.salt}}
        return [node_id, 0]

    def frames(self, first: float = 0, count: int = 1, kind: str = "image", name: str = "") -> Link:
        return self.add("TestFrames", kind=kind, first=first, count=count, name=name)

    def open(
        self,
        iterations: int | Link | None = None,
        initial: Link | None = None,
        *,
        total_frames: int | None = None,
        iterations_in: int | Link | None = None,
        node_id: str | None = None,
    ) -> Link:
        """The flow link of a TensorLoopOpen; `previous`, `count` and `iteration` give its other outputs."""
        mode = "iterations" if total_frames is None else "total_frames"
        limit = (50 if iterations is None else iterations) if total_frames is None else total_frames
        inputs = {"mode": mode, f"mode.{mode}": limit, "initial_value": initial, "iterations_in": iterations_in}
        return self.add("TensorLoopOpen", node_id, **inputs)

    @staticmethod
    def previous(flow: Link) -> Link:
        return [flow[0], 1]

    @staticmethod
    def count(flow: Link) -> Link:
        return [flow[0], 2]

    @staticmethod
    def iteration(flow: Link) -> Link:
        return [flow[0], 3]

    def close(
        self,
        flow: Link,
        processed: Link,
        *,
        accumulate: bool = True,
        overlap: str = "disabled",
        overlap_frames: int | None = None,
        stop: bool | Link | None = None,
        node_id: str | None = None,
    ) -> Link:
        inputs = {"flow_control": flow, "processed": processed, "accumulate": accumulate, "overlap": overlap}
        return self.add("TensorLoopClose", node_id, **inputs, **{"overlap.overlap_frames": overlap_frames, "stop": stop})

    def plus(self, a: Any, b: Any, name: str = "body", node_id: str | None = None) -> Link:
        return self.add("TestPlus", node_id, a=a, b=b, name=name)

    def seen(self, value: Link, name: str, **inputs: Any) -> Link:
        return self.add("TestCount", value=value, name=name, **inputs)

    def sink(self, value: Link, name: str = "sink", node_id: str | None = None, **inputs: Any) -> Link:
        return self.add("TestSink", node_id or name, value=value, name=name, **inputs)


class Engine:
    """One executor; every prompt runs in a thread of its own, as in ComfyUI's server, and must end in time."""

    def __init__(self, cache: str) -> None:
        self.cache = cache
        self.comfy = InProcessComfyUI(ensure_comfyui(), cache, [ENGINE_NODES])
        self.nodes = sys.modules[str(ENGINE_NODES).replace(".", "_x_")]

    def start(self, prompt: Mapping[str, Any], targets: Sequence[str] | None = None) -> Run:
        """Runs a prompt with all its output nodes, or with those of `targets` alone, and forgets what ran before.

        Raises:
            PromptFailed: As ComfyUI reports it.
        """
        import nodes

        outputs = [n for n, node in prompt.items() if getattr(nodes.NODE_CLASS_MAPPINGS[node["class_type"]], "OUTPUT_NODE", 0)]
        outputs = outputs if targets is None else list(targets)
        self.nodes.RUNS.clear()
        answer: list[Any] = []

        def work() -> None:
            try:
                answer.append(self.comfy.run(prompt, outputs))
            except BaseException as error:  # handed over to the test
                answer.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(TIMEOUT_SECONDS)
        assert answer, f"the prompt still runs after {TIMEOUT_SECONDS} seconds"
        if isinstance(answer[0], BaseException):
            raise answer[0]
        return answer[0]

    def runs(self) -> Counter[str]:
        """How often each named node ran in the last prompt."""
        return Counter(name for name, _ in self.nodes.RUNS if name)

    def given(self, name: str) -> list[list[float]]:
        """The numbers that the node `name` was given, run by run."""
        return [numbers for run, numbers in self.nodes.RUNS if run == name]

    def check(self, build: Callable[[Graph], Expected]) -> None:
        """Runs what `build` writes, queues it again unchanged, and runs it once more as another prompt."""
        graph, expected = self._write(build)
        self._compare(graph, expected)
        self._compare(graph, expected, again=True)
        self._compare(*self._write(build))

    def _write(self, build: Callable[[Graph], Expected]) -> tuple[Graph, Expected]:
        graph = Graph(next(_salts))
        return graph, build(graph)

    def _compare(self, graph: Graph, expected: Expected, again: bool = False) -> None:
        result = self.start(graph.prompt)
        assert result.outputs["sink"]["numbers"] == pytest.approx(expected.shown, abs=2e-3)
        counted = self.runs()
        if again and self.cache != "none":
            # What was kept is not run again; what was dropped runs as often as the first time.
            counted = {name: counted[name] or count for name, count in expected.runs.items()}
        assert {name: counted[name] for name in expected.runs} == dict(expected.runs)
        for name, numbers in expected.given.items():
            if not again or self.cache == "none":
                assert self.given(name) == numbers


_salts = itertools.count()
_engines: dict[str, Engine] = {}


@pytest.fixture(scope="session", params=list(CACHES))
def engine(request) -> Engine:
    """The executor under each kind of cache."""
    if request.param not in _engines:
        _engines[request.param] = Engine(request.param)
    return _engines[request.param]


@pytest.fixture(scope="session")
def default_engine() -> Engine:
    """The executor with ComfyUI's default cache, if the cache makes no difference."""
    if "default" not in _engines:
        _engines["default"] = Engine("default")
    return _engines["default"]


@pytest.fixture
def graph() -> Graph:
    """An empty prompt that shares no cache key with any other test's."""
    return Graph(next(_salts))


@pytest.fixture
def expected():
    """The class of what a scenario returns."""
    return Expected


@pytest.fixture
def refused():
    """`refused(engine, graph)`: the message of the error that the prompt ends with."""

    def message(engine: Engine, graph: Graph) -> str:
        with pytest.raises(PromptFailed) as failure:
            engine.start(graph.prompt)
        return str(failure.value)

    return message
