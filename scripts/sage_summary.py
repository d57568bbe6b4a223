"""Which attention kernel served which calls, why, and how long they took, as tables.

    python scripts/sage_summary.py             the newest run that was traced
    python scripts/sage_summary.py FILE        an attention.jsonl, its folder, or a run's folder

Traces are written by LoopIterationStamp with trace on, into output/audio_loop/<run>/trace/.
Exit status: 0 done, 2 no trace, or one that cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.comfy_host.environment import find_comfyui
from audio_loop.measuring import report_command
from audio_loop.measuring.trace_files import ATTENTION_FILE, TraceFileError, read_lines
from audio_loop.measuring.trace_tables import attention_tables


def report(folder: Path) -> list[str]:
    """Tables of the attention calls in a trace folder."""
    rows = read_lines(folder / ATTENTION_FILE)
    if not rows:
        raise TraceFileError(f"{folder / ATTENTION_FILE} is empty: no attention call was traced")
    try:
        return attention_tables(rows)
    except KeyError as error:
        raise TraceFileError(f"{folder / ATTENTION_FILE} is no attention trace: a line lacks {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    return report_command.main(__doc__ or "", [ATTENTION_FILE], report, find_comfyui, arguments)


if __name__ == "__main__":
    sys.exit(main())
