"""Values of the shipped workflows, and defaults and limits of nodes, as the committed files have them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from ..import_graph import REPOSITORY

DEFAULT = "audio-loop-music-video"
ONE_STAGE = "audio-loop-music-video_latent"
LTX_25 = "audio-loop-music-video_ltx25"
SMOKE = "audio-loop_smoke"

_PYPROJECT = (REPOSITORY / "pyproject.toml").read_text("utf-8")
COMFYUI, PYTHON, TEMPLATES = (
    re.search(pattern, _PYPROJECT)[1]
    for pattern in (
        r'requires-comfyui = ">=([\d.]+)\.0"',
        r'requires-python = ">=([\d.]+)"',
        r"comfyui-workflow-templates-json==([\d.]+)",
    )
)
"""Versions that the pack asks for."""


@cache
def _inputs(workflow: str) -> dict[str, dict[str, Any]]:
    stored = json.loads((REPOSITORY / "example_workflows" / "api" / f"{workflow}.json").read_text("utf-8"))
    return {node_id.split(":")[-1]: node["inputs"] for node_id, node in stored.items()}


def value(workflow: str, node_id: int, name: str = "value") -> Any:
    """The value that an input of a shipped workflow gets, by way of the node that it is wired to."""
    found = _inputs(workflow)[str(node_id)][name]
    return value(workflow, int(found[0].split(":")[-1])) if isinstance(found, list) else found


@cache
def _nodes(pack: str) -> dict[str, Any]:
    schema = json.loads((REPOSITORY / "workflow_graph" / "schemas" / f"{pack}.json").read_text("utf-8"))
    nodes: dict[str, Any] = schema["nodes"]
    return nodes


def widget(node: str, name: str, pack: str = "audio-loop") -> dict[str, Any]:
    """Default, `min`, `max` and the like of an input."""
    described = _nodes(pack)[node]
    spec: dict[str, Any] = {**described.get("required", {}), **described.get("optional", {})}[name][1]
    return spec


def default(node: str, name: str) -> Any:
    """The default of an input of ours."""
    return widget(node, name)["default"]
