"""How many lines and branches of each room a run of the tests runs, for the end of `run_tests.py`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import _bootstrap  # noqa: F401

# Python 3.14 reports branches almost for nothing. Before it, tracing takes as long again as the tests themselves.
IS_CHEAP = sys.version_info >= (3, 14)
PYTEST_ARGUMENTS = ("--cov", "--cov-report=")
NEED_COMFYUI = {
    *("comfy", "comfy_api", "comfy_execution", "comfy_extras", "execution", "folder_paths", "nodes", "server"),
    *("aiohttp", "ray"),
}
"""Modules from outside that are there, or of use, only beside a ComfyUI."""
ROOMS_OF_COMFYUI = {"comfy_host", "comfyui_internals", "nodes"}
_COUNTED = ("covered_lines", "num_statements", "covered_branches", "num_branches")


def measured_tiers(is_asked_for: bool) -> tuple[str, ...]:
    """The tiers whose lines are counted: where that is cheap, or if somebody asks for it."""
    return ("pure", "torch") if IS_CHEAP or is_asked_for else ()


def environment(folder: Path, tier: str) -> dict[str, str]:
    """Variables for a measured tier's process, which leaves its data in `folder`."""
    return {"COVERAGE_FILE": str(folder / f".coverage.{tier}"), "COVERAGE_CORE": "sysmon" if IS_CHEAP else "ctrace"}


def measured(folder: Path, repository: Path) -> Mapping[str, Any]:
    """The JSON report of coverage.py on the data that the tiers left in `folder`."""
    from coverage import Coverage

    data = [str(path) for path in folder.glob(".coverage.*")]
    if not data:
        return {"files": {}}
    found = Coverage(data_file=str(folder / "all"), config_file=str(repository / "pyproject.toml"))
    found.combine(data)
    report = folder / "report.json"
    found.json_report(outfile=str(report))
    read: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return read


def without_comfyui() -> set[str]:
    """Files of the pack whose imports, those in functions among them, reach neither ComfyUI nor what starts or asks one."""
    from audio_loop.tests.pure.house.import_graph import import_graph, imports_of, packed

    graph = import_graph(packed())
    need = {
        path
        for path in graph
        if path.parts[0] in ROOMS_OF_COMFYUI or any(name[0] in NEED_COMFYUI for _, name in imports_of(path))
    }
    while more := {path for path, imported in graph.items() if path not in need and need & imported.keys()}:
        need |= more
    return {path.as_posix() for path in graph if path not in need}


def lines(report: Mapping[str, Any], alone: Collection[str]) -> list[str]:
    """A line for each room of which anything ran, by name, then one each for what is loaded and for what is `alone`.

    Args:
        report: from `measured`.
        alone: names of files that need no ComfyUI.
    """
    rooms: dict[str, Counter[str]] = {}
    loaded, without = Counter[str](), Counter[str]()
    for name, file in report["files"].items():
        counts = {key: file["summary"][key] for key in _COUNTED}
        rooms.setdefault(Path(name).parts[0], Counter()).update(counts)
        loaded.update(counts if counts["covered_lines"] else {})
        without.update(counts if name in alone else {})
    ran = {room: counts for room, counts in sorted(rooms.items()) if counts["covered_lines"]}
    others = ", ".join(sorted(room for room, counts in rooms.items() if counts["num_statements"] and room not in ran))
    ran |= {"loaded by these": loaded, "without ComfyUI": without}
    return [_told(room, counts) for room, counts in ran.items() if counts["num_statements"]] + (
        [f"  loaded by other tiers only: {others}"] if others else []
    )


def _told(room: str, counts: Mapping[str, int]) -> str:
    run, there, taken, ways = (counts[key] for key in _COUNTED)
    # A room that decides nothing has no branch that could be left out.
    return f"  {room:18} {run / there:6.1%} of {there:6,} lines, {taken / ways if ways else 1:6.1%} of {ways:5,} branches"
