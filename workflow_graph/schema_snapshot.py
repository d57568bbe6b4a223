"""Makes and reads the committed snapshots of /object_info: `schemas/<pack>.json`, one node a line.

A snapshot keeps what editing and converting graphs needs (inputs with types, defaults, limits and choices; outputs; the
name on the title bar) and drops what it does not (tooltips, categories, search words).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .document import Document, load

FOLDER = Path(__file__).resolve().parent / "schemas"

CORE_PACK = "comfy-core"
"""Name of the pack that ComfyUI's own nodes are in."""
FILES = "files"
"""Option of an input whose choices are files (or folders) of one machine; its list of choices is empty."""
PROBE = "audio_loop_probe"
"""Part of the names of files that `make_schema_snapshot.py` puts into a ComfyUI's folders to see which inputs list them."""

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
        pack = CORE_PACK
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


def without_files(nodes: Mapping[str, Document], *others: Mapping[str, Document]) -> dict[str, Document]:
    """`nodes` with every list of files emptied and marked `"files": true`: such a list is of one machine.

    Args:
        nodes: Entries of one pack by node type.
        others: The same nodes seen elsewhere. An input names files if one of them lists other choices that hold a name of
            `PROBE`, or if one of them (a committed snapshot) has the mark already.
    """
    result = copy.deepcopy(dict(nodes))
    for node_type, entry in result.items():
        seen = [dict(_specs(other[node_type])) for other in others if node_type in other]
        for path, spec in _specs(entry):
            elsewhere = [found[path] for found in seen if path in found]
            if _is_file_list(spec) or any(_is_file_list(other) for other in elsewhere):
                _empty(spec)
    return result


def _is_file_list(spec: list[Any]) -> bool:
    options = spec[1] if len(spec) > 1 else {}
    listed = _choices(spec)
    if listed is None:
        return False
    return options.get(FILES) is True or any(PROBE in str(choice) for choice in listed)


def _choices(spec: list[Any]) -> list[Any] | None:
    if isinstance(spec[0], list):
        return spec[0]
    return (spec[1] if len(spec) > 1 else {}).get("options") or [] if spec[0] == "COMBO" else None


def _empty(spec: list[Any]) -> None:
    options = dict(spec[1] if len(spec) > 1 else {})
    if isinstance(spec[0], list):
        spec[0] = []
    else:
        options["options"] = []
    spec[1:] = [{**options, FILES: True}]


def _specs(inputs: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Every input's entry with its path, those of a DynamicCombo's options and of an Autogrow's template among them."""
    for section in ("required", "optional"):
        for name, spec in (inputs.get(section) or {}).items():
            path = f"{prefix}{name}"
            yield path, spec
            options = spec[1] if len(spec) > 1 else {}
            if spec[0] == "COMFY_DYNAMICCOMBO_V3":
                for option in options.get("options", ()):
                    yield from _specs(option["inputs"], f"{path}.{option['key']}.")
            if "input" in (options.get("template") or {}):
                yield from _specs(options["template"]["input"], f"{path}.")


def read(path: Path) -> tuple[str, dict[str, Document]]:
    """Reads one snapshot file; returns the pack's name and its entries by node type."""
    snapshot = load(path)
    return snapshot["pack"], snapshot["nodes"]
