"""The command line that compares a ComfyUI with what the pack uses of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .check import Compatibility, compatibility_of
from .page import PACK, page

_WORDS = {"there": "there", "changed": "takes other arguments", "missing": "not there", "untold": "not told by its text"}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; 0 if the ComfyUI fits, 1 if something is lost that has no fallback, 2 for no ComfyUI."""
    parser = argparse.ArgumentParser(description="Whether a ComfyUI has what Audio Loop uses of it. Nothing of it is run.")
    parser.add_argument("comfyui", type=Path, nargs="+", help="a folder with ComfyUI's main.py in it; several for --docs")
    parser.add_argument("--json", action="store_true", help="everything that was found, as JSON")
    parser.add_argument("--docs", metavar="DATE", help="docs/compatibility.md, with that date")
    options = parser.parse_args(argv)
    for folder in options.comfyui:
        if not (folder / "comfyui_version.py").is_file():
            sys.stderr.write(f"{folder} has no comfyui_version.py; name a folder of ComfyUI\n")
            return 2
    found = [compatibility_of(folder, PACK) for folder in options.comfyui]
    if options.docs:
        sys.stdout.write(page(found, options.docs))
    elif options.json:
        values = [
            {"version": each.version, "folder": each.name, "fits": each.fits, "findings": [asdict(f) for f in each.findings]}
            for each in found
        ]
        sys.stdout.write(json.dumps(values if len(values) > 1 else values[0], indent=1) + "\n")
    else:
        for each in found:
            sys.stdout.write(f"{in_words(each)}\n")
    return 0 if all(each.fits for each in found) else 1


def in_words(found: Compatibility) -> str:
    """Every symbol on a line, what is lost last."""
    lines = []
    for each in sorted(found.findings, key=lambda finding: finding.is_lost):
        how = ", called as it takes" if each.signature and each.state == "there" else ""
        why = f" ({each.why})" if each.why else ""
        lines.append(f"{'private' if each.is_private else 'public '}  {each.place}: {_WORDS[each.state]}{how}{why}")
        if each.is_lost:
            lines.append(f"         {'without it: ' + each.fallback if each.fallback else 'the pack needs it'}")
    lost = found.lost()
    answer = "fits" if found.fits else "does not fit"
    lines.append(
        f"ComfyUI {found.version} {answer}: {len(found.findings)} symbols, {len(lost)} lost, "
        f"{sum(each.stops for each in lost)} of them without a fallback"
    )
    return "\n".join(lines)
