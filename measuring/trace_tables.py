"""Traces as tables of text: attention calls, operators, nodes and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .span_tree import Frame, from_spans

MIB = 2**20
MOST_SHAPES = 12
MOST_LINES = 20
OPERATOR_CATEGORIES = ("cpu_op", "user_annotation", "python_function")
GPU_CATEGORIES = ("kernel", "gpu_memcpy", "gpu_memset")

Row = Mapping[str, Any]


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A titled table in columns: the first column to the left, the others to the right; "-" for None."""
    texts = [[_text(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(header))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]) for row in texts
    ]
    return "\n".join([title, lines[0], "  ".join("-" * width for width in widths), *lines[1:], ""])


def _text(cell: Any) -> str:
    if cell is None:
        return "-"
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


def attention_tables(rows: Sequence[Row]) -> list[str]:
    """Calls and microseconds by kernel, by reason, by iteration, and the shapes that took longest.

    Args:
        rows: lines of `attention.jsonl`.
    """
    total = sum(row["microseconds"] for row in rows) or 1.0
    tables = []
    groupings: tuple[tuple[str, Callable[[Row], Any]], ...] = (
        ("kernel", lambda row: row["kernel"]),
        ("reason", lambda row: f"{row['reason']} ({row['kernel']})"),
        ("iteration", lambda row: row["iteration"]),
        ("shape", call_text),
    )
    for name, key in groupings:
        groups: dict[Any, list[float]] = {}
        for row in rows:
            groups.setdefault(key(row), []).append(row["microseconds"])
        lines = [(group, len(us), sum(us), sum(us) / len(us), f"{sum(us) / total:.1%}") for group, us in groups.items()]
        if name == "iteration":
            lines.sort(key=lambda line: (line[0] is None, line[0]))
            lines = [("no stamp" if line[0] is None else str(line[0]), *line[1:]) for line in lines]
        else:
            lines.sort(key=lambda line: -line[2])
        cut = lines[:MOST_SHAPES] if name == "shape" else lines
        title = f"Attention by {name}" + (
            f", the {len(cut)} of {len(lines)} that took longest" if len(cut) < len(lines) else ""
        )
        tables.append(table(title, (name, "calls", "microseconds", "each", "share"), cut))
    return tables


def call_text(row: Row) -> str:
    """The shape of a call: queries x keys, heads of a width, dtype, and whether it is masked."""
    masked = ", masked" if row["mask"] else ""
    return f"{row['q']} x {row['kv']}, {row['heads']} of {row['head_dim']}, {row['dtype']}{masked}"


def profile_frames(trace: Mapping[str, Any]) -> list[Frame]:
    """A torch profile as trees: what ran on the processor, and on the GPU if there is one.

    Args:
        trace: the object in `profile_trace.json`.
    """
    kinds = {"processor": OPERATOR_CATEGORIES, "GPU": GPU_CATEGORIES}
    frames = [from_spans(name, _spans(trace, categories)) for name, categories in kinds.items()]
    return [frame for frame in frames if frame.calls]


def _spans(trace: Mapping[str, Any], categories: Sequence[str]) -> list[tuple[object, str, float, float]]:
    return [
        ((event.get("pid"), event.get("tid")), event["name"], float(event["ts"]), float(event["dur"]))
        for event in trace.get("traceEvents", ())
        if event.get("ph") == "X" and event.get("cat") in categories
    ]


def operator_table(root: Frame) -> str:
    """The operators that took longest by themselves, calls of the same name taken together."""
    names: dict[str, list[float]] = {}
    for frame in root.walk():
        if frame is not root:
            # The span of a whole iteration: what no operator in it accounts for is Python.
            name = "(outside operators)" if frame.name.startswith("ProfilerStep#") else frame.name
            sums = names.setdefault(name, [0, 0.0, 0.0])
            sums[0] += frame.calls
            sums[1] += frame.own_microseconds
            sums[2] += frame.microseconds
    total = sum(own for _, own, _ in names.values()) or 1.0
    lines = sorted(names.items(), key=lambda item: -item[1][1])[:MOST_LINES]
    rows = [(name, int(calls), own, both, f"{own / total:.1%}") for name, (calls, own, both) in lines]
    return table(f"Operators on the {root.name}", ("operator", "calls", "own microseconds", "with children", "share"), rows)


def memory_table(rows: Sequence[Row]) -> str:
    """The memory timeline in MiB, one line per iteration.

    Args:
        rows: the list in `memory_timeline.json`.
    """

    def mib(value: int | None) -> float | None:
        return None if value is None else value / MIB

    lines = []
    for before, row in zip((None, *rows), rows, strict=False):
        known = before is not None and None not in (before["rss"], row["rss"])
        change = f"{(row['rss'] - before['rss']) / MIB:+,.1f}" if before is not None and known else None
        lines.append(
            (str(row["iteration"]), mib(row["rss"]), change, *(mib(row[k]) for k in ("allocated", "reserved", "peak")))
        )
    header = ("after iteration", "process", "change", "GPU allocated", "GPU reserved", "GPU peak")
    return table("Memory, MiB", header, lines)


def node_table(rows: Sequence[Row]) -> str:
    """The nodes that took longest; those that a loop expanded into are counted under the id that people see.

    Args:
        rows: lines of `execution.jsonl`.
    """
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        groups.setdefault((row["class"], row["display_node"]), []).append(row["seconds"])
    lines = sorted(groups.items(), key=lambda item: -sum(item[1]))[:MOST_LINES]
    texts = [(f"{kind} #{node}", len(s), f"{sum(s):.3f}", f"{max(s):.3f}") for (kind, node), s in lines]
    return table("Nodes", ("node", "runs", "seconds", "longest"), texts)
