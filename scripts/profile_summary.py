"""Where a profiled render spent time and memory: tables of operators, nodes, and memory by iteration.

    python scripts/profile_summary.py             the newest run that was profiled
    python scripts/profile_summary.py FILE        a profile_trace.json, its folder, or a run's folder

What ran when is a picture at https://ui.perfetto.dev: open profile_trace.json there.
The files are written by ProfileBegin and ProfileEnd, into output/audio_loop/<run>/trace/. What is missing is left out: a
run that never got past its warm-up has a memory timeline and node times only.
Exit status: 0 done, 2 no trace, or one that cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.comfy_host.environment import find_comfyui
from audio_loop.measuring import report_command
from audio_loop.measuring.trace_files import EXECUTION_FILE, MEMORY_FILE, PROFILE_FILE, TraceFileError, read_json, read_lines
from audio_loop.measuring.trace_tables import memory_table, node_table, operator_table, profile_frames


def report(folder: Path) -> list[str]:
    """Tables of what lies in a trace folder."""
    tables = []
    profile, nodes, memory = (folder / name for name in (PROFILE_FILE, EXECUTION_FILE, MEMORY_FILE))
    try:
        if profile.is_file():
            tables += [operator_table(frame) for frame in profile_frames(read_json(profile))]
        if nodes.is_file():
            tables.append(node_table(read_lines(nodes)))
        if memory.is_file():
            tables.append(memory_table(read_json(memory)))
    except (KeyError, TypeError, AttributeError) as error:
        raise TraceFileError(f"{folder} holds files that are no profile of ours: {error!r}") from error
    return tables


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    names = [PROFILE_FILE, MEMORY_FILE, EXECUTION_FILE]
    return report_command.main(__doc__ or "", names, report, find_comfyui, arguments)


if __name__ == "__main__":
    sys.exit(main())
