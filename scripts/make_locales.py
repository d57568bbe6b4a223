"""Writes locales/en/nodeDefs.json from the nodes of a running ComfyUI; other languages are written by people.

python scripts/make_locales.py --url http://127.0.0.1:8188 [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request

import _bootstrap

from audio_loop.comfy_host.node_words import node_words

PATH = _bootstrap.REPOSITORY / "locales" / "en" / "nodeDefs.json"


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8188", help="the running ComfyUI")
    parser.add_argument("--module", default="custom_nodes.audio-loop", help="the pack as that ComfyUI calls it")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")
    options = parser.parse_args(arguments)

    url = f"{options.url.rstrip('/')}/object_info"
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            object_info = json.load(response)
    except (OSError, ValueError) as error:
        sys.exit(f"{url} does not answer as a ComfyUI does ({error}); start one, or name another with --url")
    words = node_words(object_info, options.module)
    if not words:
        sys.exit(f"that ComfyUI has no nodes of {options.module}; name the pack as it is there with --module")
    text = json.dumps(words, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if options.check:
        is_fresh = PATH.is_file() and PATH.read_text("utf-8") == text
        print(f"{'fresh' if is_fresh else 'STALE'}  {PATH.relative_to(_bootstrap.REPOSITORY)}")
        return 0 if is_fresh else 1
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    print(f"wrote  {PATH.relative_to(_bootstrap.REPOSITORY)}: {len(words)} nodes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
