"""The older pack's profiling nodes become ours, around the same loop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ...editing.graph import Graph
from ...editing.handles import Node
from ...node_format import BYPASSED
from ..steps import profiling_nodes


def replace(graph: Graph) -> Iterator[str]:
    """Takes the older nodes out and puts ours in, with the numbers of the old beginning."""
    old = [node for kind in profiling_nodes.EARLIER for node in graph.find(type=kind)]
    if not old:
        return
    begin = next((node for node in old if node.type == profiling_nodes.EARLIER[0]), None)
    values = list(begin.widgets.values()) if begin is not None else []
    mode = begin.mode if begin is not None else 0
    if values and values[0] is False:
        mode = BYPASSED
    for node in old:
        graph.remove(node, heal=True)
    folder = next((PurePath(v.replace("\\", "/")).name for v in values if isinstance(v, str) and v), "") or "profile"
    numbers = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
    flags = [v for v in values[4:] if isinstance(v, bool)]
    yield f"the profiling nodes are Audio Loop's; traces go to output/audio_loop/{folder}/trace"
    if flags and flags != [True, True, True, False][: len(flags)]:
        yield f"what the profiler records is fixed now; the old choices {flags} are not carried over"
    before = set(graph.nodes)
    options = {"run_name": folder, "trace": False, "remove": False}
    yield from profiling_nodes.migration.upgrade(graph, options) or ()
    for node in graph.nodes:
        if node in before:
            continue
        if mode:
            node.raw["mode"] = mode
        if node.type == profiling_nodes.BEGIN:
            _numbers(node, numbers)


def _numbers(begin: Node, numbers: list[int]) -> None:
    for name, value in zip(("warmup_iterations", "active_iterations"), numbers, strict=False):
        begin.widgets[name] = min(max(value, 1 if name == "active_iterations" else 0), 100)
