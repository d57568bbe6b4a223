"""Writes workflow_graph/schemas/*.json from a running ComfyUI's /object_info.

    python scripts/make_schema_snapshot.py --url http://127.0.0.1:8188 [--base DIR] [--only comfy-core audio-loop] [--check]

Node packs get a file each, named after their folder in custom_nodes (`--name FOLDER=FILE` names it otherwise).

A snapshot holds no list of files: what one machine has says nothing about another. Start that ComfyUI on an empty base
directory and name it with `--base`: a file is put into each of its model, input and output folders, and an input that then
offers that file is one that names files. Without `--base` the inputs that the snapshot on disk marks stay marked.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph import document, schema_snapshot

_ENDINGS = ("safetensors", "gguf", "yaml", "latent", "png", "wav", "mp4", "glb", "txt")
_TIME_STAMP_SECONDS = 1.5
"""ComfyUI lists a folder anew when its time stamp has changed; some file systems count whole seconds."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8188", help="the running ComfyUI")
    parser.add_argument("--base", type=Path, help="its base directory, empty so far; files to look for are put there")
    parser.add_argument("--only", nargs="+", metavar="PACK", help="write these packs only (comfy-core is ComfyUI itself)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="FOLDER=PACK", help="call the pack in this custom_nodes folder PACK"
    )
    parser.add_argument("--out", type=Path, default=schema_snapshot.FOLDER, help="where to write")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a snapshot on disk is stale")
    options = parser.parse_args(arguments)

    names = dict(pair.split("=", 1) for pair in options.name)
    url = options.url.rstrip("/")
    version = _get(f"{url}/system_stats")["system"]["comfyui_version"]
    plain = schema_snapshot.split(_get(f"{url}/object_info"), names)
    probed = schema_snapshot.split(_probed(url, options.base), names) if options.base else {}
    stale = 0
    for pack, nodes in sorted(plain.items()):
        if options.only and pack not in options.only:
            continue
        path = options.out / f"{pack}.json"
        committed = schema_snapshot.read(path)[1] if path.exists() else {}
        fresh = schema_snapshot.without_files(nodes, committed, probed.get(pack, {}))
        if options.check:
            changed = sorted(name for name in {**fresh, **committed} if fresh.get(name) != committed.get(name))
            stale += bool(changed)
            print(f"{'STALE' if changed else 'fresh'}  {path}  {' '.join(changed)}".rstrip())
        else:
            data = schema_snapshot.to_bytes(pack, version, fresh)
            document.save_bytes(data, path, replace=True)
            print(f"{path}: {len(fresh)} nodes, {len(data) / 1000:.0f} kB")
    return 1 if stale else 0


def _probed(url: str, base: Path) -> Any:
    """/object_info once every folder of the base directory holds files of ours."""
    folders = [base / "models" / name for name in _get(f"{url}/models")] + [base / name for name in ("input", "output")]
    for folder in [*folders, base / "input" / "3d", base / "input" / schema_snapshot.PROBE]:
        folder.mkdir(parents=True, exist_ok=True)
        for ending in _ENDINGS:
            (folder / f"{schema_snapshot.PROBE}.{ending}").touch()
    time.sleep(_TIME_STAMP_SECONDS)
    return _get(f"{url}/object_info")


def _get(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return json.load(response)
    except (OSError, ValueError) as error:
        sys.exit(f"{url} does not answer as a ComfyUI does ({error}); start one, or name another with --url")


if __name__ == "__main__":
    sys.exit(main())
