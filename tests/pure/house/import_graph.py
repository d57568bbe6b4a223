"""The rooms of the pack, and what its files import: read, not run, so imports for types and in functions count too.

Files that are found and loaded by name (the rules of the audit, the steps of the migrations) are not among the imports.
"""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
NOT_PACKAGED = {
    "tests",
    "scripts",
    "benchmarks",
    "start_experiment.py",
    "docs",
    "web",
    "locales",
    "example_workflows",
    "build",
    "dist",
    "output",
}

OUTSIDE = {"demo"}
"""Rooms that only scripts of a clone and tests use."""

_TABLE = """
__init__.py: nodes
nodes: attention audio audio/analysis audio/analysis/song_analysis.py audio/preparing audio/reading audio/sound_report \
    checkpoints/errors.py checkpoints/fingerprint checkpoints/folders.py checkpoints/runs checkpoints/service \
    comfyui_internals cost doctor files \
    latent_ops listening loop_control loop_engine loop_engine/prompt_links.py measuring memory preflight \
    prompting prompting/wishes.py schedule timeline video workflow_graph
analysis_report: audio/analysis audio/analysis/song_analysis.py audio/reading audio/sound_report files loop_control prompting \
    prompting/checking prompting/llm prompting/wishes.py workflow_graph
preflight/rules: audio/sound_report checkpoints/service files loop_control preflight schedule workflow_graph/audit \
    workflow_graph/reading
preflight: audio audio/reading audio/sound_report checkpoints/errors.py checkpoints/runs checkpoints/service \
    comfyui_internals cost files latent_ops loop_control schedule timeline video workflow_graph workflow_graph/audit \
    workflow_graph/audit/rules workflow_graph/reading
checkpoints/service: checkpoints/errors.py checkpoints/fingerprint checkpoints/folders.py checkpoints/runs \
    checkpoints/segments checkpoints/take.py checkpoints/write_errors.py comfyui_internals files latent_ops loop_control \
    loop_engine/prompt_links.py
checkpoints/runs: checkpoints/errors.py checkpoints/fingerprint checkpoints/segments checkpoints/take.py \
    checkpoints/write_errors.py files latent_ops loop_control
checkpoints/segments: checkpoints/errors.py checkpoints/fingerprint checkpoints/take.py files latent_ops
checkpoints/fingerprint: checkpoints/errors.py checkpoints/folders.py checkpoints/write_errors.py comfyui_internals \
    files latent_ops loop_control loop_engine loop_engine/prompt_links.py
checkpoints/write_errors.py: checkpoints/errors.py files
checkpoints/take.py: files
checkpoints/folders.py: comfyui_internals
checkpoints/errors.py:
checkpoints:
video: comfyui_internals files latent_ops loop_control loop_engine/prompt_links.py memory
attention: comfyui_internals measuring
measuring: comfyui_internals
memory: comfyui_internals
watching: files
doctor/hearing: audio/analysis audio/analysis/song_analysis.py audio/reading audio/sound_report doctor/case.py watching
doctor/detectors: audio/analysis audio/reading audio/sound_report doctor/case.py doctor/drift doctor/hearing \
    doctor/kinds.py doctor/seen.py doctor/signals doctor/succession loop_control schedule watching
doctor/signals: doctor/case.py loop_control prompting/wording.py schedule watching
doctor/causes: doctor doctor/kinds.py loop_control
doctor/succession: doctor/case.py doctor/seen.py watching
doctor/case.py: loop_control watching
doctor/drift: doctor/case.py doctor/seen.py doctor/signals loop_control schedule watching
doctor/kinds.py:
doctor/seen.py: doctor/kinds.py
doctor: audio/reading audio/sound_report checkpoints/errors.py checkpoints/runs checkpoints/service doctor/case.py \
    doctor/detectors doctor/kinds.py doctor/seen.py files loop_control loop_engine/prompt_links.py preflight prompting \
    prompting/checking schedule watching workflow_graph workflow_graph/audit workflow_graph/audit/rules \
    workflow_graph/metadata workflow_graph/reading
autoresearch: comfy_host doctor doctor/case.py doctor/seen.py farm files loop_control loop_engine/prompt_links.py measuring \
    preflight schedule watching workflow_graph workflow_graph/audit workflow_graph/reading
listening: audio/analysis audio/analysis/song_analysis.py audio/reading files loop_control \
    prompting prompting/wishes.py timeline
audio: audio/rate_change.py comfyui_internals loop_control
audio/analysis/song_analysis.py:
audio/analysis: audio/analysis/song_analysis.py audio/reading loop_control
audio/preparing: audio/reading files loop_control workflow_graph
audio/sound_report: audio/analysis audio/preparing audio/reading
audio/reading: audio/rate_change.py files loop_control
audio/rate_change.py:
timeline: audio/reading files loop_control
latent_ops: comfyui_internals loop_control loop_engine
loop_engine: comfyui_internals loop_engine/prompt_links.py
loop_engine/prompt_links.py:
prompting/llm: audio/analysis/song_analysis.py loop_control prompting prompting/checking prompting/wishes.py
prompting/checking: audio/analysis/song_analysis.py loop_control prompting prompting/wording.py schedule
prompting/checking/rules: loop_control prompting/checking prompting/wording.py
prompting: audio/analysis/song_analysis.py loop_control prompting/descriptions.py prompting/vocabulary \
    prompting/wishes.py schedule
prompting/vocabulary: audio/analysis/song_analysis.py prompting/wishes.py
prompting/wishes.py: prompting/descriptions.py schedule
prompting/descriptions.py:
prompting/wording.py:
schedule: loop_control
cost: files loop_control
loop_control:
comfyui_internals:
compatibility:
files:
farm: comfy_host files loop_control loop_engine/prompt_links.py preflight workflow_graph workflow_graph/reading
demo: comfy_host files loop_control loop_engine/prompt_links.py workflow_graph
comfy_host: files workflow_graph workflow_graph/frontend
workflow_graph/__main__.py: workflow_graph/command_line.py
workflow_graph/command_line.py: workflow_graph workflow_graph/audit workflow_graph/diff.py workflow_graph/folding \
    workflow_graph/frontend workflow_graph/mending workflow_graph/migrations workflow_graph/show.py
workflow_graph/show.py: loop_engine/prompt_links.py workflow_graph workflow_graph/frontend
workflow_graph/diff.py: workflow_graph workflow_graph/frontend
workflow_graph/mending: workflow_graph workflow_graph/audit workflow_graph/diff.py workflow_graph/migrations \
    workflow_graph/migrations/modernize
workflow_graph/migrations/modernize: loop_control workflow_graph workflow_graph/editing workflow_graph/frontend \
    workflow_graph/migrations workflow_graph/migrations/steps workflow_graph/reading
workflow_graph/migrations/steps: workflow_graph workflow_graph/audit/rules workflow_graph/earlier workflow_graph/editing \
    workflow_graph/migrations workflow_graph/reading
workflow_graph/migrations: files loop_control workflow_graph workflow_graph/diff.py workflow_graph/earlier \
    workflow_graph/editing workflow_graph/frontend workflow_graph/reading
workflow_graph/audit/rules: loop_control schedule workflow_graph workflow_graph/audit workflow_graph/earlier \
    workflow_graph/frontend workflow_graph/reading workflow_graph/shipped
workflow_graph/audit: loop_control prompting/wording.py workflow_graph workflow_graph/reading
workflow_graph/reading: loop_control loop_engine/prompt_links.py workflow_graph workflow_graph/editing \
    workflow_graph/frontend
workflow_graph/shipped: workflow_graph workflow_graph/building workflow_graph/folding
workflow_graph/building: workflow_graph workflow_graph/frontend
workflow_graph/frontend: loop_engine/prompt_links.py workflow_graph workflow_graph/earlier workflow_graph/editing
workflow_graph/earlier: workflow_graph workflow_graph/editing
workflow_graph/folding: workflow_graph workflow_graph/editing
workflow_graph/editing: workflow_graph
workflow_graph/metadata: files workflow_graph
workflow_graph: files
"""
MAY_IMPORT: Mapping[str, set[str]] = {
    room: set(others.split()) for room, _, others in (line.partition(":") for line in _TABLE.strip().splitlines())
}
"""Room -> the other rooms that it may import. A room is a folder without its listed sub-folders, or one file."""

ImportGraph = Mapping[Path, Mapping[Path, int]]
"""File -> file that it imports -> line of the import."""


def tracked() -> list[Path]:
    """Python files that git knows or would add, relative to the repository."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [Path(name) for name in listed if name and (REPOSITORY / name).exists()]


def packed() -> list[Path]:
    """Those that are in the package."""
    return [path for path in tracked() if path.parts[0] not in NOT_PACKAGED]


@functools.cache
def tree_of(path: Path, root: Path = REPOSITORY) -> ast.Module:
    """A file, parsed."""
    return ast.parse((root / path).read_text("utf-8"))


def imports_of(path: Path, root: Path = REPOSITORY) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line, name) of everything that a file imports; relative ones as a path inside the repository, led by ''."""
    for node in ast.walk(tree_of(path, root)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            module = tuple(node.module.split(".")) if node.module else ()
            if node.level:
                folder = path.parent.parts
                module = ("", *folder[: len(folder) - (node.level - 1)], *module)
            for alias in node.names:
                yield node.lineno, (*module, alias.name)


def import_graph(files: Iterable[Path], root: Path = REPOSITORY) -> ImportGraph:
    """Which of the files import each other."""
    known = set(files)
    graph: dict[Path, dict[Path, int]] = {path: {} for path in sorted(known)}
    for path, imported in graph.items():
        for line, (first, *name) in imports_of(path, root):
            found = _file_of(name, known) if first == "" else None
            if found is not None:
                imported.setdefault(found, line)
    return graph


def _file_of(name: list[str], known: set[Path]) -> Path | None:
    for parts in (name, name[:-1]):
        for path in (Path(*parts).with_suffix(".py") if parts else Path("__init__.py"), Path(*parts, "__init__.py")):
            if path in known:
                return path
    return None


def circles(graph: ImportGraph) -> list[list[str]]:
    """Files that import each other, as whole sets: the strongly connected parts of the graph, after Tarjan."""
    found, order, low, stack = [], {}, {}, []

    def visit(path: Path) -> None:
        order[path] = low[path] = len(order)
        stack.append(path)
        for other in graph[path]:
            if other not in order:
                visit(other)
            if other in stack:
                low[path] = min(low[path], low[other])
        if low[path] == order[path]:
            at = stack.index(path)
            part = stack[at:]
            del stack[at:]
            if len(part) > 1 or path in graph[path]:
                found.append(sorted(each.as_posix() for each in part))

    for path in graph:
        if path not in order:
            visit(path)
    return found


def room_of(path: Path, rooms: Iterable[str] = MAY_IMPORT) -> str:
    """The room that a file is in; "" if none."""
    inside = (room for room in rooms if path == Path(room) or Path(room) in path.parents)
    return max(inside, key=len, default="")


def wrong_directions(graph: ImportGraph, may_import: Mapping[str, set[str]], root: Path = REPOSITORY) -> list[str]:
    """Imports of a room that may not be imported from there; the empty `__init__.py` of a folder counts as no room."""
    wrong = []
    for path, imported in graph.items():
        room = room_of(path, may_import)
        for other, line in imported.items():
            target = room_of(other, may_import)
            if target != room and target not in may_import[room] and not _is_empty(other, root):
                wrong.append(f"{path.as_posix()}:{line} imports {other.as_posix()}")
    return wrong


def _is_empty(path: Path, root: Path) -> bool:
    return path.name == "__init__.py" and all(isinstance(node, ast.Expr) for node in tree_of(path, root).body)
