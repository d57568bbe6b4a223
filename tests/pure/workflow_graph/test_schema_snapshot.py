"""Snapshot entries say what a graph needs and nothing that goes without saying, in every form of input."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import schema_snapshot
from audio_loop.workflow_graph.schemas import SchemaError, Schemas

PLAIN = {
    "input": {"optional": {"n": ["INT"]}},
    "output": ["INT"],
    "output_name": ["INT"],
    "output_is_list": [False],
    "python_module": "nodes",
}
LORA = ["COMBO", {"options": ["a.safetensors"], "tooltip": "long"}]


def growing(member: list, **template: object) -> list:
    return ["COMFY_AUTOGROW_V3", {"template": {"prefix": "image", **template, "input": {"required": {"image": member}}}}]


def dynamic(**choices: dict) -> list:
    return ["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": key, "inputs": inputs} for key, inputs in choices.items()]}]


def schema_of(**required: list):
    return Schemas.from_entries("mine", {"Mine": {"required": required, "output": ["IMAGE", "MASK"]}})["Mine"]


def test_a_plain_node_of_comfyui_keeps_nothing_but_its_slots() -> None:
    short = {"optional": {"n": ["INT"]}, "output": ["INT"]}
    assert schema_snapshot.split({"Plain": PLAIN}) == {schema_snapshot.CORE_PACK: {"Plain": short}}


def test_outputs_that_follow_an_input_stay_matched() -> None:
    info = {**PLAIN, "output": ["COMFY_MATCHTYPE_V3"], "output_name": ["out"], "output_matchtypes": ("t",)}
    entry = schema_snapshot.shorten(info)
    assert entry["output_matchtypes"] == ["t"]
    (output,) = Schemas.from_entries("mine", {"Mine": entry})["Mine"].outputs
    assert (output.type, output.match_group) == ("*", "t")


def test_inputs_within_inputs_lose_their_words_too() -> None:
    inside = {"required": {"lora": LORA}, "optional": {}}
    entry = schema_snapshot.shorten({"input": {"required": {"how": dynamic(a=inside), "images": growing(LORA, min=2)}}})
    bare = ["COMBO", {"options": ["a.safetensors"]}]
    assert entry["required"] == {"how": dynamic(a={"required": {"lora": bare}}), "images": growing(bare, min=2)}


def test_lists_of_files_go_from_a_growing_list_too() -> None:
    def entry(file: str) -> dict:
        return {"A": {"required": {"images": growing(["COMBO", {"options": [file]}])}}}

    probed = entry(f"{schema_snapshot.PROBE}.png")
    stripped = schema_snapshot.without_files(entry("me.png"), probed)
    assert stripped["A"]["required"]["images"] == growing(["COMBO", {"options": [], "files": True}])


def test_a_whole_answer_is_read_with_the_pack_of_each_node() -> None:
    theirs = {**PLAIN, "python_module": "custom_nodes.theirs.nodes"}
    schemas = Schemas.from_object_info({"Plain": PLAIN, "Other": theirs})
    assert {kind: schemas[kind].pack for kind in schemas.types} == {"Plain": schema_snapshot.CORE_PACK, "Other": "theirs"}
    assert Schemas.from_object_info({}).types == ()


def test_an_input_behind_a_growing_list_is_found_by_its_own_name() -> None:
    schema = schema_of(images=growing(["IMAGE"]), strength=["FLOAT"])
    assert schema.input("strength").type == "FLOAT"
    assert schema.input("images.image3").type == "IMAGE"


@pytest.mark.parametrize("slot", [2, -1])
def test_an_output_that_a_node_does_not_have_is_refused_with_those_that_it_has(slot: int) -> None:
    with pytest.raises(SchemaError, match=f"Mine has no single output {slot}; it has 0 'IMAGE' .IMAGE., 1 'MASK' .MASK."):
        schema_of(n=["INT"]).output_index(slot)


def test_a_choice_that_a_node_no_longer_offers_brings_no_inputs() -> None:
    schema = schema_of(how=dynamic(a={"required": {"n": ["INT"]}}, b={"required": {"images": growing(["IMAGE"], min=1)}}))
    shown = {choice: [slot.name for slot in schema.sockets({"how": choice})] for choice in ("a", "b", "gone")}
    assert shown == {"a": ["how", "how.n"], "b": ["how", "how.images.image0", "how.images.image1"], "gone": ["how"]}


def test_a_combo_that_counts_on_has_a_filter_and_names_stay_unique() -> None:
    schema = schema_of(
        seed=["INT"], file=["COMBO", {"options": ["x", "y"], "control_after_generate": True}], control_after_generate=["STRING"]
    )
    assert schema.read_widgets([7, "fixed", "y", "increment", "*.png", "mine"]) == {
        "seed": 7,
        "control_after_generate": "fixed",
        "file": "y",
        "control_after_generate#2": "increment",
        "control_filter_list": "*.png",
        "control_after_generate#3": "mine",
    }
