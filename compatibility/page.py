"""The page docs/compatibility.md, from what was found in several versions of ComfyUI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from .check import Compatibility, SymbolFinding, answer_of
from .contacts import fallbacks_of
from .private import PRIVATE, Private

PACK = Path(__file__).resolve().parent.parent

_HEAD = """# Which ComfyUI fits

To ask this of your own ComfyUI:

    python scripts/check_compat.py PATH_TO_COMFYUI

It lists every symbol of ComfyUI that Audio Loop names, and whether that ComfyUI has it and takes the arguments that it is
given. It answers 1 if something is lost without which the pack, or a part of it, cannot work; `--json` gives all of it to a
program. The list is read from the pack's own files, and ComfyUI's files are read as text: nothing of that ComfyUI runs, so it
needs none of its libraries. A symbol that is there may still behave in another way than before: the text does not tell that;
the tests do.

## Versions

Asked on {date}. *Lost* is what is not there, or takes other arguments; *compared* are the symbols whose parameters could be
held against the calls. The others are not called, or their parameters are not in the text (values, which a program makes).

| ComfyUI | symbols | compared | lost, public | lost, private | of these without a fallback | answer |
|---|---|---|---|---|---|---|
"""

_RUN = """
Run with ComfyUI 0.32.0 on 2026-11-29, on the processor: all 150 tests in `tests/torch/comfyui_internals`, and 163 of the tier
`comfy` (the pack's loading, what is private in executor, nodes and server, tiny models, saved videos). All passed.
"""

_PRIVATE_HEAD = """
## What is not promised

ComfyUI promises its node API to packs, and little else. The rest that Audio Loop reads is below, all of it in the folder
`comfyui_internals`, and each with what happens if it is gone. The log says what is worse once in a render, with ComfyUI's
version. *Stops* means that the pack, or the node that needs it, refuses with a word. A test takes each one by itself out of a
real ComfyUI, and what happens then is what stands here.

| symbol of ComfyUI | without it | |
|---|---|---|
"""


def page(found: Sequence[Compatibility], date: str) -> str:
    """The whole page."""
    rows = "".join(f"{_version_row(each)}\n" for each in found)
    return _HEAD.format(date=date) + rows + "".join(_lost(each) for each in found) + _RUN + private_table()


def private_table() -> str:
    """The table of private symbols and fallbacks, which depends on the pack alone."""
    return _PRIVATE_HEAD + "".join(f"{row}\n" for row in _private_rows(PRIVATE))


def _private_rows(rows: Iterable[Private]) -> list[str]:
    fallbacks = fallbacks_of(PACK)
    lines = []
    for row in rows:
        loss, stops = answer_of(row, fallbacks)
        lines.append(f"| `{row.places[0]}` | {loss} | {'stops' if stops else 'goes on'} |")
    return lines


def _version_row(found: Compatibility) -> str:
    lost = found.lost()
    public, private = (sum(each.is_private is kind for each in lost) for kind in (False, True))
    compared = sum(each.signature for each in found.findings)
    stops = sum(each.stops for each in lost)
    return (
        f"| {_label(found)} | {len(found.findings)} | {compared} | {public} | {private} | {stops} | "
        f"{'fits' if found.fits else 'does not fit'} |"
    )


def _label(found: Compatibility) -> str:
    """The version; a folder of another name is a commit behind that version."""
    return found.version if found.name == found.version else f"{found.version}, {found.name}"


def _lost(found: Compatibility) -> str:
    lines = [f"- {_lost_line(each)}\n" for each in found.lost()]
    return f"\nComfyUI {_label(found)} lacks:\n\n{''.join(lines)}" if lines else ""


def _lost_line(found: SymbolFinding) -> str:
    what = f"`{found.place}` {found.why}" if found.state == "changed" else f"`{found.place}`"
    return f"{what}: {found.fallback or 'the nodes that use it cannot load or work'}"
