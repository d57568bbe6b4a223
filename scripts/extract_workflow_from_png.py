"""Takes the workflow out of a picture or a video that ComfyUI made: PNG, WebP, MP4, MOV, WebM, MKV.

    python scripts/extract_workflow_from_png.py FILE              writes FILE.workflow.json beside it
    python scripts/extract_workflow_from_png.py FILE --prompt     the API form instead: FILE.prompt.json
    python scripts/extract_workflow_from_png.py FILE -o OUT       or --stdout

Exit status: 0 done, 2 a file that cannot be read, holds no workflow, or would be overwritten.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.console import write_bytes
from audio_loop.workflow_graph.document import DocumentError, Kind
from audio_loop.workflow_graph.metadata import embedded


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("-o", "--output", type=Path, help="write to this file (one FILE only)")
    parser.add_argument("-d", "--directory", type=Path, help="write into this folder instead of beside FILE")
    parser.add_argument("--stdout", action="store_true", help="print instead of writing a file")
    parser.add_argument("--prompt", action="store_true", help="the API form instead of the UI form")
    parser.add_argument("--raw", action="store_true", help="the text exactly as it stands in the file, unchecked")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    return parser


def _extract(path: Path, options: argparse.Namespace) -> None:
    kind = Kind.PROMPT if options.prompt else Kind.WORKFLOW
    found = embedded.read(path)
    data = found.text(kind).encode("utf-8", errors="backslashreplace") if options.raw else document.dumps(found.document(kind))
    if options.stdout:
        write_bytes(data)
        return
    name = f"{path.name}.{'prompt' if options.prompt else 'workflow'}.json"
    target = options.output or (options.directory or path.parent) / name
    document.save_bytes(data, target, replace=options.force)
    sys.stdout.write(f"{path}: {kind.value} written to {target}\n")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.output is not None and len(options.files) > 1:
        sys.stderr.write("error: -o takes one FILE; use -d FOLDER for several\n")
        return 2
    status = 0
    for path in options.files:
        try:
            _extract(path, options)
        except DocumentError as error:
            sys.stderr.write(f"error: {error}\n")
            status = 2
        except BrokenPipeError:
            return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
