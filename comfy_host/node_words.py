"""The words of nodes in the form that ComfyUI's frontend looks up in `locales/<language>/nodeDefs.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def node_words(object_info: Mapping[str, Any], module: str) -> dict[str, Any]:
    """Names, descriptions and tooltips of each public node.

    Args:
        object_info: Answer of ComfyUI's `/object_info`.
        module: `python_module` of the pack whose nodes are wanted.

    Returns:
        Node id -> `display_name`, `description`, `inputs` (key -> `name`, `tooltip`) and `outputs` (number as text ->
        `name`, `tooltip`). A dot in an id or a name is an underscore in its key, as the frontend asks for it.
    """
    return {
        key_of(node_id): {
            "display_name": info["display_name"],
            "description": info["description"],
            "inputs": dict(_input_words(info["input"])),
            "outputs": _output_words(info),
        }
        for node_id, info in sorted(object_info.items())
        if info["python_module"] == module and not info.get("dev_only")
    }


def key_of(name: str) -> str:
    """The name as a key of a locale file."""
    return name.replace(".", "_")


def _input_words(groups: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every input, also those that the choice of a dynamic combo brings: `mode_iterations`."""
    for group in ("required", "optional"):
        for name, spec in (groups.get(group) or {}).items():
            options = spec[1] if len(spec) > 1 else {}
            yield key_of(above + name), {"name": name, "tooltip": options.get("tooltip") or ""}
            for choice in options.get("options") or ():
                if isinstance(choice, dict):
                    yield from _input_words(choice["inputs"], f"{above}{name}.")


def _output_words(info: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    tooltips = info.get("output_tooltips") or [None] * len(info["output_name"])
    pairs = zip(info["output_name"], tooltips, strict=True)
    return {str(number): {"name": name, "tooltip": tooltip or ""} for number, (name, tooltip) in enumerate(pairs)}
