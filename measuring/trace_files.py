"""The files of a trace folder, `output/audio_loop/<run>/trace/`: their names, where the newest lies, and reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RUNS_FOLDER = "audio_loop"
TRACE_FOLDER = "trace"
ATTENTION_FILE = "attention.jsonl"
EXECUTION_FILE = "execution.jsonl"
PROFILE_FILE = "profile_trace.json"
TABLE_FILE = "profile_summary.txt"
MEMORY_FILE = "memory_timeline.json"


class TraceFileError(ValueError):
    """There is no such trace, or it is not one."""


def newest(output: Path, *names: str) -> Path:
    """The trace folder in which one of these files was written last.

    Args:
        output: ComfyUI's output folder.
        names: file names within a trace folder.

    Raises:
        TraceFileError: no run has any of them.
    """
    found = [path for name in names for path in output.glob(f"{RUNS_FOLDER}/*/{TRACE_FOLDER}/{name}")]
    if not found:
        raise TraceFileError(
            f"no {' or '.join(names)} in {output / RUNS_FOLDER}/<run>/{TRACE_FOLDER}; render with the tracing or profiling "
            "nodes first (scripts/apply_profiling_nodes.py puts them into a graph), or name a file"
        )
    return max(found, key=lambda path: path.stat().st_mtime).parent


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file; a last line that was cut off in the middle is left out.

    Raises:
        TraceFileError: the file cannot be read, or a line before the last is not an object in JSON.
    """
    lines = _text(path).splitlines()
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            if number == len(lines):
                break
            raise TraceFileError(f"{path}, line {number}: {error}") from error
        if not isinstance(row, dict):
            raise TraceFileError(f"{path}, line {number} is {line[:40]!r}; each line of a trace is an object")
        rows.append(row)
    return rows


def read_json(path: Path) -> Any:
    """The value of a JSON file.

    Raises:
        TraceFileError: the file cannot be read, or is not JSON.
    """
    try:
        return json.loads(_text(path))
    except ValueError as error:
        raise TraceFileError(f"{path}: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TraceFileError(f"{path}: {error}") from error
