"""Our conversion of a workflow to the API prompt beside the frontend's own, for ComfyUI's official templates.

The templates are those of the package `comfyui-workflow-templates-json`, and the blueprints that ComfyUI brings along.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..workflow_graph.document import DocumentError
from ..workflow_graph.frontend.loaded_view import BROWSER_ONLY
from ..workflow_graph.frontend.to_api import convert
from ..workflow_graph.schemas import Schemas
from . import frontend
from .environment import EnvironmentSetupError

if TYPE_CHECKING:
    from playwright.sync_api import Page

PACKAGE = "comfyui_workflow_templates_json"
NO_WORKFLOWS = ("fuse_options",)


@dataclass(frozen=True)
class Comparison:
    """One template.

    Attributes:
        name: File name without suffix.
        difference: "" if both prompts are equal, else the first place where they are not, or who could not convert it.
        unknown_types: Node types of the template that no schema knows.
    """

    name: str
    difference: str
    unknown_types: tuple[str, ...]


def template_files(comfyui: Path) -> dict[str, Path]:
    """Every official template and blueprint by name, in order of the names.

    Raises:
        EnvironmentSetupError: The package with the templates is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EnvironmentSetupError(f"the templates are not installed: pip install {PACKAGE.replace('_', '-')}")
    templates = (Path(spec.origin).parent / "templates").glob("*.json")
    files = {path.stem: path for path in templates if path.stem not in NO_WORKFLOWS and not path.stem.startswith("index")}
    files |= {f"blueprint {path.stem}": path for path in (comfyui / "blueprints").glob("*.json")}
    return dict(sorted(files.items()))


def compare(page: Page, name: str, path: Path, schemas: Schemas, titles: bool = True) -> Comparison:
    """Shows one template to the frontend in `page` and converts it too.

    Args:
        page: As `frontend.show_empty_graph` left it.
        name: Of the template.
        path: Its file.
        schemas: For our conversion.
        titles: Compare the nodes' titles too; ours are those of the frontend that ComfyUI pins.
    """
    workflow = json.loads(path.read_text(encoding="utf-8"))
    unknown = unknown_types(workflow, schemas)
    try:
        ours = convert(workflow, schemas).prompt
    except DocumentError as error:
        return Comparison(name, f"ours refused it: {error}", unknown)
    from playwright.sync_api import Error

    try:
        frontend.show(page, workflow)
        theirs = frontend.sent_by_run(page)
    except Error as error:
        return Comparison(name, f"the frontend refused it: {str(error).splitlines()[0]}", unknown)
    if not titles:
        theirs, ours = frontend.executed(theirs), frontend.executed(ours)
    return Comparison(name, next(_differences(theirs, ours), ""), unknown)


def unknown_types(workflow: Mapping[str, Any], schemas: Schemas) -> tuple[str, ...]:
    """Node types of a UI document that no schema knows; the frontend shows them as missing nodes."""
    return tuple(sorted({found for found in _types(workflow) if found not in schemas and found not in BROWSER_ONLY}))


def _types(workflow: Mapping[str, Any]) -> Iterator[str]:
    definitions = (workflow.get("definitions") or {}).get("subgraphs") or []
    inside = {definition["id"] for definition in definitions}
    for level in (workflow, *definitions):
        yield from (node["type"] for node in level.get("nodes", ()) if node["type"] not in inside)


def _differences(theirs: Any, ours: Any, where: str = "") -> Iterator[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs:
            place = f"{where}.{key}" if where else key
            if key not in ours:
                yield f"{place}: ours lacks it, the frontend sends {theirs[key]!r}"
            else:
                yield from _differences(theirs[key], ours[key], place)
        yield from (f"{where}.{key}: only ours has it, {ours[key]!r}" for key in ours if key not in theirs)
    elif theirs != ours or isinstance(theirs, bool) != isinstance(ours, bool):
        yield f"{where}: the frontend sends {theirs!r}, ours is {ours!r}"
