"""Writes workflow_graph/schemas/*.json from a running ComfyUI's /object_info.

    python scripts/make_schema_snapshot.py --url http://127.0.0.1:8188 [--only comfy-core audio-loop] [--check]

Node packs get a file each, named after their folder in custom_nodes (`--name FOLDER=FILE` names it otherwise).
Start that ComfyUI on an empty base directory, so that no file lists of one machine end up in the snapshot.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph import document, schema_snapshot


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8188", help="the running ComfyUI")
    parser.add_argument("--only", nargs="+", metavar="PACK", help="write these packs only (comfy-core is ComfyUI itself)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="FOLDER=PACK", help="call the pack in this custom_nodes folder PACK"
    )
    parser.add_argument("--out", type=Path, default=schema_snapshot.FOLDER, help="where to write")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a snapshot on disk is stale")
    options = parser.parse_args(arguments)

    names = dict(pair.split("=", 1) for pair in options.name)
    info = _get(f"{options.url.rstrip('/')}/object_info")
    version = _get(f"{options.url.rstrip('/')}/system_stats")["system"]["comfyui_version"]
    stale = 0
    for pack, nodes in sorted(schema_snapshot.split(info, names).items()):
        if options.only and pack not in options.only:
            continue
        path = options.out / f"{pack}.json"
        if options.check:
            committed = schema_snapshot.read(path)[1] if path.exists() else {}
            fresh = schema_snapshot.without_local_files(nodes, committed)
            changed = sorted(name for name in {**fresh, **committed} if fresh.get(name) != committed.get(name))
            stale += bool(changed)
            print(f"{'STALE' if changed else 'fresh'}  {path}  {' '.join(changed)}".rstrip())
        else:
            data = schema_snapshot.to_bytes(pack, version, nodes)
            document.save_bytes(data, path, replace=True)
            print(f"{path}: {len(nodes)} nodes, {len(data) / 1000:.0f} kB")
    return 1 if stale else 0


def _get(url: str) -> dict:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return json.load(response)
    except (OSError, ValueError) as error:
        sys.exit(f"{url} does not answer as a ComfyUI does ({error}); start one, or name another with --url")


if __name__ == "__main__":
    sys.exit(main())
