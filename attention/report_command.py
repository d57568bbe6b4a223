"""The command line that both trace reports share: find the trace, print tables, write a picture beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from .flame import Frame, draw
from .trace_files import TRACE_FOLDER, TraceFileError, newest

Report: TypeAlias = tuple[list[str], list[Frame]]
"""Tables to print, trees to draw."""


def main(
    description: str,
    names: Sequence[str],
    read: Callable[[Path], Report],
    picture: str,
    comfyui: Callable[[], Path | None],
    arguments: list[str] | None = None,
) -> int:
    """Runs the command line; returns the exit status.

    Args:
        description: help text.
        names: files that make a folder one with this trace.
        read: makes the report of a trace folder.
        picture: file name of the picture.
        comfyui: finds this machine's ComfyUI, None where there is none; asked only where no file or folder is named.
        arguments: command line; `sys.argv` when left out.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="trace file, its folder, or the run's folder")
    parser.add_argument("--output", type=Path, help="ComfyUI's output folder, in which the newest trace is looked for")
    parser.add_argument("--png", type=Path, help=f"write the picture there ({picture} beside the trace)")
    parser.add_argument("--no-png", action="store_true", help="tables only")
    options = parser.parse_args(arguments)
    try:
        folder = _folder(options.file, options.output, comfyui, names)
        tables, frames = read(folder)
    except TraceFileError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(f"{folder}\n\n" + "\n".join(tables))
    if options.no_png or not frames:
        return 0
    target = options.png or folder / picture
    try:
        draw(frames).save(target)
    except ImportError:
        sys.stderr.write("no picture: Pillow is missing here; pip install pillow, or use ComfyUI's own Python\n")
        return 0
    except (OSError, ValueError) as error:
        sys.stderr.write(f"error: cannot write {target}: {error}\n")
        return 2
    sys.stdout.write(f"\nwrote {target}\n")
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
