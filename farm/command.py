"""The command line of the farm, for `python -m audio_loop.farm` and `scripts/farm.py`.

Exit status: 0 every song has its video, 1 some have none, 2 what was given cannot be rendered.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..comfy_host.server import answers
from ..loop_control.errors import PlanError
from ..preflight.song import read_song
from ..workflow_graph.document import DocumentError
from .graph import FarmGraph, GraphRefusedError, for_song, read_graph
from .songs import FarmSong, SongRefusedError, songs_of
from .windows import SongWindows, windows_of

WORKFLOW = Path(__file__).resolve().parent.parent / "example_workflows" / "api" / "audio-loop-music-video.json"
SERVER = "http://127.0.0.1:8188"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="farm",
        description="Renders songs on several ComfyUI servers at once. A song's draft is made on one of them, the windows of "
        "its finish on all. What lies beside song.mp3 is taken for it: song.png as its picture, song.txt as its prompts.",
    )
    parser.add_argument("songs", nargs="+", type=Path, metavar="SONG", help="sound files; each becomes a video")
    parser.add_argument("--workflow", type=Path, default=WORKFLOW, metavar="F", help="in API form; default: the shipped one")
    parser.add_argument("--servers", default=SERVER, metavar="URL,URL", help=f"ComfyUI servers (default: {SERVER})")
    parser.add_argument("--output", type=Path, default=Path("farm_output"), metavar="FOLDER", help="for videos and windows")
    parser.add_argument("--cluster", metavar="ADDRESS", help="of a Ray cluster; default: Ray is started here")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        graph = read_graph(_prompt(options.workflow))
        songs = [(song, _windows(graph, song)) for song in songs_of(options.songs)]
        urls = _servers(options.servers)
        from .run import render

        outcome = render(songs, graph, urls, options.output, options.cluster)
    except (SongRefusedError, GraphRefusedError, DocumentError, PlanError, ImportError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what is finished is kept, and the same command goes on from there\n")
        return 130
    for song, video in outcome.videos.items():
        sys.stdout.write(f"{song}: {video}\n")
    for song, why in outcome.failed.items():
        sys.stderr.write(f"{song}: no video. {why}\n")
    return int(bool(outcome.failed))


def _prompt(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GraphRefusedError(f"{path} cannot be read as a workflow: {error}") from error
    if isinstance(document, dict) and isinstance(document.get("nodes"), list):
        raise GraphRefusedError(f"{path} is in the editor's form. Export it with 'Export (API)' in ComfyUI")
    if not isinstance(document, dict) or not all(
        isinstance(node, dict) and isinstance(node.get("inputs"), dict) and isinstance(node.get("class_type"), str)
        for node in document.values()
    ):
        raise GraphRefusedError(f"{path} is not a workflow in API form (nodes by id, each with class_type and inputs)")
    return document


def _windows(graph: FarmGraph, song: FarmSong) -> SongWindows:
    filled = for_song(graph, song, None if song.picture is None else song.picture.name, song.audio.name)
    return windows_of(filled, read_song(song.audio))


def _servers(text: str) -> list[str]:
    urls = list(dict.fromkeys(url.strip().rstrip("/") for url in text.split(",") if url.strip()))
    if not urls:
        raise GraphRefusedError("--servers names no server")
    silent = [url for url in urls if not answers(url)]
    if silent:
        raise GraphRefusedError(f"no ComfyUI answers at {', '.join(silent)}; start it, or leave it out of --servers")
    return urls
