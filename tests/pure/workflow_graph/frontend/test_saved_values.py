"""Widget values as the frontend has them once a file is loaded."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.frontend.saved_values import widget_values
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.view import read


def values_of(kind: str, saved: object, schemas: Schemas | None = None) -> dict:
    node = {"id": 1, "type": kind, "widgets_values": saved}
    (loaded,) = read({"nodes": [node], "links": [], "version": 0.4}).root.nodes.values()
    return widget_values(loaded, (schemas or Schemas.load()).get(kind))


@pytest.mark.parametrize(
    ("saved", "options", "index"),
    [
        (["b", 1, "a", "b", "", "gone"], ["a", "b", ""], 1),
        (["b", 1, "a", "b"], ["a", "b", ""], 1),
        (["c", 1, "a", "b"], ["a", "b", ""], -1),
        (["a", 0], [""], -1),
        ([], [""], -1),
    ],
)
def test_a_custom_combo_has_its_options_up_to_the_first_empty_one(saved: list, options: list, index: int) -> None:
    assert values_of("CustomCombo", saved) == {
        "choice": saved[0] if saved else None,
        "index": index,
        **{f"option{number}": option for number, option in enumerate(options, start=1)},
    }


def test_a_combo_saved_without_a_value_takes_its_first_choice() -> None:
    entry = {"required": {"how": ["COMBO", {"options": ["x", "y"]}], "n": ["INT"], "text": ["STRING"]}, "output": []}
    schemas = Schemas.from_entries("mine", {"Mine": entry})
    assert values_of("Mine", [None, 3, None], schemas) == {"how": "x", "n": 3, "text": None}
    assert values_of("Mine", ["y", 3, None], schemas)["how"] == "y"
