"""Makes and reads the committed snapshots of /object_info: `schemas/<pack>.json`, one node a line.

A snapshot keeps what editing and converting graphs needs (inputs with types, defaults, limits and choices; outputs; the
name on the title bar) and drops what it does not (tooltips, categories, search words).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .document import Document, load

FOLDER = Path(__file__).resolve().parent / "schemas"

_DROPPED_OPTIONS = frozenset({"tooltip", "placeholder", "advanced", "display", "display_name", "label_on", "label_off"})


def split(object_info: Mapping[str, Any], names: Mapping[str, str] | None = None) -> dict[str, dict[str, Document]]:
    """Groups a whole /object_info answer by pack and shortens every entry.

    Args:
        object_info: The answer of a ComfyUI's /object_info.
        names: Pack names by custom_nodes folder, for folders that are not called like the pack.

    Returns:
        Entries by node type by pack; `comfy-core` is ComfyUI itself.
    """
    packs: dict[str, dict[str, Document]] = {}
    for node_type, info in object_info.items():
        module = str(info.get("python_module", "nodes"))
        pack = "comfy-core"
        if module.startswith("custom_nodes."):
            folder = module.split(".", 2)[1]
            pack = (names or {}).get(folder, folder)
        packs.setdefault(pack, {})[node_type] = shorten(info)
    return packs


def shorten(info: Mapping[str, Any]) -> Document:
    """One /object_info entry without what graphs do not need; inputs in the order the frontend shows them."""
    inputs = info.get("input", {})
    order = info.get("input_order", {})
    entry: Document = {}
    if info.get("display_name"):
        entry["display_name"] = info["display_name"]
    for section in ("required", "optional"):
        specs = inputs.get(section) or {}
        names = [name for name in order.get(section, []) if name in specs]
        names += [name for name in specs if name not in names]
        if names:
            entry[section] = {name: _shorten_input(specs[name]) for name in names}
    entry["output"] = ["COMBO" if isinstance(kind, list) else kind for kind in info.get("output", [])]
    if list(info.get("output_name", [])) != entry["output"]:
        entry["output_name"] = list(info.get("output_name", []))
    if any(info.get("output_is_list") or ()):
        entry["output_is_list"] = list(info["output_is_list"])
    if info.get("output_matchtypes"):
        entry["output_matchtypes"] = list(info["output_matchtypes"])
    if info.get("output_node"):
        entry["output_node"] = True
    return entry


def _shorten_input(spec: list[Any]) -> list[Any]:
    options = {key: value for key, value in (spec[1] if len(spec) > 1 else {}).items() if key not in _DROPPED_OPTIONS}
    if "options" in options and spec[0] == "COMFY_DYNAMICCOMBO_V3":
        options["options"] = [
            {"key": option["key"], "inputs": _shorten_sections(option["inputs"])} for option in options["options"]
        ]
    if "template" in options and "input" in options["template"]:
        options["template"] = {**options["template"], "input": _shorten_sections(options["template"]["input"])}
    return [spec[0], options] if options else [spec[0]]


def _shorten_sections(inputs: Mapping[str, Any]) -> Document:
    return {
        section: {name: _shorten_input(spec) for name, spec in inputs[section].items()}
        for section in ("required", "optional")
        if inputs.get(section)
    }


def to_bytes(pack: str, version: str, nodes: Mapping[str, Document]) -> bytes:
    """The file of one pack: a head and one node a line, sorted by type, so that a change shows as changed lines."""
    head = {"pack": pack, "comfyui": version}
    lines = [
        f"    {json.dumps(name)}: {json.dumps(nodes[name], ensure_ascii=False, separators=(',', ':'))}"
        for name in sorted(nodes)
    ]
    head_lines = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    return ("{\n" + head_lines + '  "nodes": {\n' + ",\n".join(lines) + "\n  }\n}\n").encode()


def without_local_files(fresh: Any, committed: Any) -> Any:
    """`fresh` with every list of choices emptied that is empty in `committed`.

    Such lists hold the files of one machine (checkpoints, input pictures); a snapshot is taken where there are none.
    """
    if isinstance(fresh, dict) and isinstance(committed, dict):
        return {key: without_local_files(value, committed.get(key)) for key, value in fresh.items()}
    if isinstance(fresh, list) and committed == []:
        return []
    if isinstance(fresh, list) and isinstance(committed, list) and len(fresh) == len(committed):
        return [without_local_files(one, other) for one, other in zip(fresh, committed, strict=True)]
    return fresh


def read(path: Path) -> tuple[str, dict[str, Document]]:
    """Reads one snapshot file; returns the pack's name and its entries by node type."""
    snapshot = load(path)
    return snapshot["pack"], snapshot["nodes"]
