"""What every public node says of itself in menus, search and tooltips."""

from __future__ import annotations

import json
import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

from .test_api import PACK, all_inputs

NUMBERS = {"INT", "FLOAT", "INT,FLOAT"}
UNIT = re.compile(
    r"\b(seconds?|hz|dB|dBTP|LUFS|frames?|pixels?|samples?|tokens?|gigabytes?|kb/s|windows?|iterations?|takes?|seeds?|index|"
    r"findings?|h264|multiple|0 to 1|0 is|0: all)\b",
    re.IGNORECASE,
)
"""A unit, the thing that is counted, or the ends of a scale that has no unit."""
CATEGORIES = {"plan", "loop", "prompts", "keyframes", "latent", "audio", "checkpoint", "video", "model", "memory", "measure"}
PROMISED = {"music video", "long video", "lip sync", "extend video", "song", "loop"}


@pytest.fixture(scope="module")
def public(comfy):
    found = {
        name: info
        for name, info in comfy.client.object_info().items()
        if info["python_module"] == PACK and not info.get("dev_only")
    }
    assert len(found) > 30
    return found


def sockets(public):
    """(node.side.name, kind, tooltip) of every input and output."""
    for node_id, info in public.items():
        for name, kind, options in all_inputs(info):
            yield f"{node_id}.in.{name}", kind, (options.get("tooltip") or "").strip()
        tooltips = info.get("output_tooltips") or [None] * len(info["output"])
        for name, kind, tooltip in zip(info["output_name"], info["output"], tooltips, strict=True):
            yield f"{node_id}.out.{name}", kind, (tooltip or "").strip()


def test_every_input_and_output_has_a_tooltip(public):
    assert [name for name, _, tooltip in sockets(public) if not tooltip] == []


def test_numbers_name_their_unit(public):
    assert [name for name, kind, tooltip in sockets(public) if kind in NUMBERS and not UNIT.search(tooltip)] == []


def test_every_node_is_described_and_can_be_searched_for(public):
    assert [name for name, info in public.items() if not info["description"].strip()] == []
    aliases = {name: info.get("search_aliases") or [] for name, info in public.items()}
    assert [name for name, given in aliases.items() if not given] == []
    assert [
        name for name, given in aliases.items() if len(set(given)) < len(given) or public[name]["display_name"] in given
    ] == []
    assert PROMISED - {alias for given in aliases.values() for alias in given} == set()


def test_what_people_have_typed_to_find_a_node_still_finds_it(public):
    golden = json.loads((REPOSITORY / "tests" / "golden" / "search_aliases.json").read_text("utf-8"))
    assert golden.keys() <= public.keys()
    lost = {name: set(given) - set(public[name]["search_aliases"]) for name, given in golden.items()}
    assert {name: words for name, words in lost.items() if words} == {}


def test_menus_are_those_of_one_scheme(public):
    assert {info["category"] for info in public.values()} == {f"Audio Loop/{name}" for name in CATEGORIES}


def test_names_are_those_of_one_node_each(public):
    names = [info["display_name"] for info in public.values()]
    assert len(set(names)) == len(names)


def test_what_is_advanced_has_a_default(public):
    hidden = [(node, name, o) for node, info in public.items() for name, _, o in all_inputs(info) if o.get("advanced")]
    assert hidden
    assert [f"{node}.{name}" for node, name, o in hidden if "default" not in o and not o.get("options")] == []
