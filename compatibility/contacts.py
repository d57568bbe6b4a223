"""The contacts of `comfyui_internals`, read as text: what each is called, what is worse without it, and whether it refuses."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .usage import ROOM


@dataclass(frozen=True)
class Fallback:
    """The answer of the pack if one thing is gone.

    Attributes:
        file: The file of the contact, in `comfyui_internals`.
        loss: What is worse for the user.
        refuses: Whether the pack does not go on.
    """

    file: str
    loss: str
    refuses: bool


def fallbacks_of(pack: Path) -> Mapping[str, Fallback]:
    """Every contact by the name of its constant."""
    found: dict[str, Fallback] = {}
    for path in sorted((pack / ROOM).glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        asked = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "Contact":
                name, loss = ast.unparse(node.targets[0]), ast.literal_eval(node.value.args[1])
                found[name] = Fallback(path.name, loss, f"{name}.refusal" in asked)
    return found
