"""The command line that both trace reports share: find the trace and print its tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .trace_files import TRACE_FOLDER, TraceFileError, newest


def main(
    description: str,
    names: Sequence[str],
    read: Callable[[Path], list[str]],
    comfyui: Callable[[], Path | None],
    arguments: list[str] | None = None,
) -> int:
    """Runs the command line; returns the exit status.

    Args:
        description: help text.
        names: files that make a folder one with this trace.
        read: makes the tables of a trace folder.
        comfyui: finds this machine's ComfyUI, None if there is none; asked only if no file or folder is named.
        arguments: command line; `sys.argv` when left out.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="trace file, its folder, or the run's folder")
    parser.add_argument("--output", type=Path, help="ComfyUI's output folder, in which the newest trace is looked for")
    options = parser.parse_args(arguments)
    try:
        folder = _folder(options.file, options.output, comfyui, names)
        tables = read(folder)
    except TraceFileError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(f"{folder}\n\n" + "\n".join(tables))
    return 0


def _folder(file: Path | None, given: Path | None, comfyui: Callable[[], Path | None], names: Sequence[str]) -> Path:
    if file is None:
        if given is not None:
            return newest(given, *names)
        found = comfyui()
        if found is None:
            raise TraceFileError("no ComfyUI found; name a trace file, or ComfyUI's output folder with --output")
        return newest(found / "output", *names)
    if file.is_file():
        return file.parent
    for folder in (file, file / TRACE_FOLDER):
        if any((folder / name).is_file() for name in names):
            return folder
    raise TraceFileError(f"{file} is no trace: there is no {' or '.join(names)} in it")
