"""Writes docs/reference/nodes.md and docs/reference/workflows.md from schemas, words and shipped workflows; --check compares.

python scripts/make_reference.py [--check]
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import _bootstrap  # noqa: F401

from audio_loop.workflow_graph.shipped.catalogue import WORKFLOWS

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "docs" / "reference"
LONGEST_DEFAULT = 60
"""Characters; of a longer default its beginning is shown."""

Json = Mapping[str, Any]


def main(arguments: list[str]) -> int:
    """Writes or compares the pages; returns the exit status."""
    pages = {"nodes.md": nodes_page(), "workflows.md": workflows_page()}
    other = [name for name, text in pages.items() if not _is_current(FOLDER / name, text)]
    if "--check" in arguments:
        print("\n".join(f"docs/reference/{name} differs" for name in other) or "all pages are current")
        return int(bool(other))
    for name in other:
        (FOLDER / name).write_text(pages[name], "utf-8", newline="\n")
        print(f"docs/reference/{name}")
    return 0


def nodes_page() -> str:
    """Every node that people can add: its description, inputs and outputs."""
    schemas = _read("workflow_graph/schemas/audio-loop.json")["nodes"]
    words = _read("locales/en/nodeDefs.json")
    categories = _categories()
    by_category: dict[str, list[str]] = {}
    for node_id in words:
        by_category.setdefault(categories[node_id], []).append(node_id)
    parts = [
        "# Nodes",
        f"All {len(words)} nodes, made from their schemas and tooltips by `python scripts/make_reference.py`. The link"
        " behind each description is what\nComfyUI shows for it, with an example and what goes"
        " wrong. Inputs in *italics* may stay empty.",
        "\n".join(
            f"- **{category.rpartition('/')[2]}**: " + ", ".join(_anchor_link(words[each]["display_name"]) for each in nodes)
            for category, nodes in sorted(by_category.items())
        ),
    ]
    for category, nodes in sorted(by_category.items()):
        parts.append(f"## {category.replace('/', ', ')}")
        parts += [_node(node_id, schemas[node_id], words[node_id]) for node_id in nodes]
    return "\n\n".join(parts) + "\n"


def _node(node_id: str, schema: Json, words: Json) -> str:
    rows = [
        row for kind in ("required", "optional") for row in _inputs(schema.get(kind, {}), words, is_optional=kind == "optional")
    ]
    parts = [
        f"### {words['display_name']}",
        f"`{node_id}`: {_line(words.get('description', ''))} [Help](../../web/docs/{node_id}.md)",
    ]
    if rows:
        parts.append("\n".join(["| input | type | default | range or choices | meaning |", "|---|---|---|---|---|", *rows]))
    outputs = [
        f"| {_code(name)} | {_type(kind)} | {_line(words.get('outputs', {}).get(str(at), {}).get('tooltip', ''))} |"
        for at, (name, kind) in enumerate(zip(schema.get("output_name", []), schema.get("output", []), strict=True))
    ]
    if outputs:
        parts.append("\n".join(["| output | type | meaning |", "|---|---|---|", *outputs]))
    return "\n\n".join(parts)


def _inputs(inputs: Json, words: Json, *, is_optional: bool = False, prefix: str = "") -> Iterator[str]:
    for name, (kind, *rest) in inputs.items():
        options = rest[0] if rest else {}
        tooltip = words.get("inputs", {}).get(f"{prefix}{name}".replace(".", "_"), {}).get("tooltip", "")
        shown = _code(prefix + name)
        choices = options.get("options", ())
        nested = [each for each in choices if isinstance(each, dict)]
        texts = [each["key"] if isinstance(each, dict) else str(each) for each in choices]
        if "min" in options and "max" in options and options["max"] is not True:
            span = f"{options['min']} to {options['max']}"
        else:
            span = ", ".join(_code(text) for text in texts)
        cells = (f"*{shown}*" if is_optional else shown, _type(kind), _default(options, texts), span, _line(tooltip))
        yield f"| {' | '.join(cells)} |"
        for each in nested:
            for group in each.get("inputs", {}).values():
                yield from _inputs(group, words, is_optional=is_optional, prefix=f"{prefix}{name}.")


def _default(options: Json, texts: list[str]) -> str:
    if "default" not in options:
        return _code(texts[0]) if texts else ""
    value = options["default"]
    text = str(value) if not isinstance(value, str) else " ".join(value.split())
    return (_code(text) if len(text) <= LONGEST_DEFAULT else _code(text[:LONGEST_DEFAULT] + " ...")) if text else "empty"


def workflows_page() -> str:
    """Every shipped workflow: its purpose, size, settings in front and models."""
    parts = [
        "# Workflows",
        f"All {len(WORKFLOWS)} workflows that are shipped, made from their files by `python scripts/make_reference.py`."
        " Which one to take: [The shipped workflows](../workflows.md).\n"
        "What their graphs are checked for: [Audit of workflows](../audit.md).",
    ]
    return "\n\n".join([*parts, *(_workflow(name) for name in sorted(WORKFLOWS))]) + "\n"


def _workflow(name: str) -> str:
    graph = _read(f"example_workflows/{name}.json")
    subgraphs = {each["id"]: each for each in graph.get("definitions", {}).get("subgraphs", [])}
    inside = [node for each in subgraphs.values() for node in each["nodes"]]
    every = [node for node in (*graph["nodes"], *inside) if node["type"] not in subgraphs]
    module = sys.modules[WORKFLOWS[name].__module__]
    purpose = _line((module.__doc__ or "").split("\n\n")[0].partition(": ")[2])
    front = [f"- **{node.get('title') or node['type']}**{_settings(node)}" for node in _in_order(graph["nodes"])]
    files = {file["name"]: file for node in every for file in node.get("properties", {}).get("models", [])}
    models = [
        f"| [{file['name']}]({file['url']}) | {file['size_gb']} GB | `models/{file['directory']}/` |" for file in files.values()
    ]
    table = "\n".join(["| model | size | folder |", "|---|---|---|", *models]) if models else "It names no model to download."
    counted = f"{len(graph['nodes'])} nodes in front, {len(every)} in all (notes among them), {len(subgraphs)} subgraphs."
    return "\n\n".join([f"## {name}", purpose[:1].upper() + purpose[1:], f"{counted} In front:", "\n".join(front), table])


def _in_order(nodes: list[Json]) -> list[Json]:
    return sorted((node for node in nodes if "Note" not in node["type"]), key=lambda node: (node["pos"][0], node["pos"][1]))


def _settings(node: Json) -> str:
    is_subgraph = re.fullmatch(r"[0-9a-f-]{36}", node["type"])
    names = [each.get("label") or each["name"] for each in node.get("inputs", []) if each.get("widget")]
    sockets = [each["name"] for each in node.get("inputs", []) if not each.get("widget")]
    if not is_subgraph:
        return f" (`{node['type']}`)"
    wired = f"; takes {', '.join(map(_code, sockets))}" if sockets else ""
    return (f": {', '.join(names)}" if names else "") + wired


def _categories() -> dict[str, str]:
    """Node id -> category, read from the schemas in nodes/."""
    found = {}
    for path in sorted((REPOSITORY / "nodes").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            ast.unparse(each.targets[0]): each.value.value
            for each in tree.body
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                values = {
                    each.arg: each.value.value
                    if isinstance(each.value, ast.Constant)
                    else constants.get(ast.unparse(each.value))
                    for each in call.keywords
                }
                if values.get("node_id") and values.get("category"):
                    found[str(values["node_id"])] = str(values["category"])
    return found


def _anchor_link(heading: str) -> str:
    return f"[{heading}](#{re.sub(r'[^a-z0-9_ -]', '', heading.lower()).replace(' ', '-')})"


def _type(kind: str) -> str:
    names = {"COMFY_DYNAMICCOMBO_V3": "COMBO with inputs of its own", "COMFY_MATCHTYPE_V3": "any", "*": "any"}
    return " or ".join(names.get(each, each) for each in kind.split(","))


def _code(text: str) -> str:
    return f"`{_line(text)}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("*", "\\*")


def _read(path: str) -> Any:
    return json.loads((REPOSITORY / path).read_text("utf-8"))


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
