"""Graphs of ours as people have them on disk: made old, rearranged and damaged, with fixed seeds.

`graph(number)` gives the same document each time. What is done to it never takes away what it means: a graph that rendered
before it was aged renders once it is migrated.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import catalogue, classic
from audio_loop.workflow_graph.shipped.classic_options import AS_SAVED_IN_APRIL, Options

COUNT = 36
CASE = REPOSITORY / "tests" / "golden" / "graph_saved_before_widget_sockets.json"
WINDOW_SECONDS, OVERLAP_SECONDS, WINDOW_PX, OVERLAP_LATENTS = 1.96, 0.36, 49, 2
SCHEDULE = "0:00-0:02: Style: cinematic. A singer in a green jacket is singing.\n0:02+: A singer is dancing."
SEED = 42
Document = dict[str, Any]
Ageing = Callable[[Document, random.Random], None]

_TINY = {
    "width": 128,
    "height": 64,
    "length": WINDOW_PX,
    "window": WINDOW_SECONDS,
    "overlap": OVERLAP_SECONDS,
    "schedule": SCHEDULE,
}
_OLD = replace(
    AS_SAVED_IN_APRIL,
    **{**_TINY, "trim": (0.0, 3600.0), "controller_overlap": OVERLAP_SECONDS, "decoder_widgets": (512, 64, 64, 8)},
)
CLASSIC = {
    "classic": Options(**_TINY),
    "classic of April": _OLD,
    "audio and picture in the loop": Options(**_TINY, audio_in_loop=True, encode_in_loop=True, raw_guide=True),
    "prompts in the loop": Options(**_TINY, clip_in_loop=True, first_prompt="A singer.", controller_overlap=OVERLAP_SECONDS),
    "core decoder": Options(**_TINY, decoder="core", strip_context=False, iterations_wired=False),
    "spatio-temporal decoder": Options(**_TINY, decoder="spatiotemporal", decoder_widgets=(1, 1, 7, 1)),
}
SHIPPED = (
    "audio-loop-music-video_latent",
    "audio-loop-music-video_image",
    "audio-loop-music-video_latent_keyframe",
    "audio-loop-music-video_latent_reanchor",
)


@dataclass(frozen=True)
class Aged:
    """One graph.

    Attributes:
        name: Which graph it was and what was done to it.
        young: As it was.
        document: As it is.
    """

    name: str
    young: Document
    document: Document


def graph(number: int) -> Aged:
    """The graph of that number, from 0 to `COUNT` - 1; 0 is the kept file of an older frontend."""
    if number == 0:
        case = documents.load_workflow(CASE)
        return Aged("kept file", case, case)
    chance = random.Random(number)
    bases = [*CLASSIC, *SHIPPED]
    base = bases[number % len(bases)]
    young = as_new(base)
    kinds = list(AGEINGS)
    # Each kind in turn, and two by chance.
    chosen = [kinds[number % len(kinds)], *chance.sample(kinds, 2)]
    document = copy.deepcopy(young)
    for kind in sorted(set(chosen), key=kinds.index):
        AGEINGS[kind](document, chance)
    return Aged(f"{number}: {base}, {', '.join(sorted(set(chosen), key=kinds.index))}", young, document)


@lru_cache(maxsize=16)
def _bytes(base: str) -> bytes:
    if base in CLASSIC:
        built = Graph(classic.workflow(CLASSIC[base]))
        for node in built.find(type="LTXVSelectLatents"):
            # It takes the context by a number of its own: 7 latents of the usual overlap, 2 of this one.
            node.widgets["start_index"] = -OVERLAP_LATENTS
        return documents.dumps(built.to_document())
    made = Graph(catalogue.WORKFLOWS[base]().workflow())
    for size in made.find(type="AudioLoopVideoSize"):
        size.widgets["width"], size.widgets["height"] = 128, 64
    made.node(688).widgets["value"] = WINDOW_SECONDS
    made.node(2013).widgets["value"] = OVERLAP_SECONDS
    for node_id, offset in ((2311, 9), (2312, 25), (2313, 41)):
        if base.endswith("_reanchor"):
            made.node(node_id).widgets["frame_offset"] = offset
    if base.endswith("_keyframe"):
        made.node(2344).widgets["schedule"] = "0:00: 0\n0:03.2: 1"
    return documents.dumps(made.to_document())


def as_new(base: str) -> Document:
    """One of the graphs as it is before it is aged, at a size for the tiny model."""
    return documents.loads(_bytes(base))


def _levels(document: Document) -> Iterator[Document]:
    yield document
    yield from (document.get("definitions") or {}).get("subgraphs") or ()


def _nodes(document: Document, node_type: str | None = None) -> Iterator[tuple[Document, Document]]:
    for level in _levels(document):
        for node in level["nodes"]:
            if node_type in (None, node["type"]):
                yield level, node


def _links(level: Document) -> list[Any]:
    return level["links"]


_ENDS = ("id", "origin_id", "origin_slot", "target_id", "target_slot")


def _end(link: Any, key: str) -> Any:
    return link[key] if isinstance(link, dict) else link[_ENDS.index(key)]


def _set(link: Any, key: str, value: Any) -> None:
    if isinstance(link, dict):
        link[key] = value
    else:
        link[_ENDS.index(key)] = value


def _number_slots(level: Document, node: Document) -> None:
    place = {slot["link"]: i for i, slot in enumerate(node["inputs"]) if slot.get("link") is not None}
    for link in _links(level):
        if _end(link, "id") in place and _end(link, "target_id") == node["id"]:
            _set(link, "target_slot", place[_end(link, "id")])


def drop_sockets(document: Document, _chance: random.Random) -> None:
    """As older frontends save: no input for a widget that is not wired, and no mark on those that are."""
    schemas = Schemas.load()
    for level, node in list(_nodes(document)):
        if schemas.get(node["type"]) is None:
            continue
        node["inputs"] = [s for s in node.get("inputs") or () if s.get("link") is not None or not s.get("widget")]
        for slot in node["inputs"]:
            slot.pop("widget", None)
        _number_slots(level, node)


def rename_inputs(document: Document, _chance: random.Random) -> None:
    """The controller's base_seed is called seed and has a control."""
    for _, node in _nodes(document, "AudioLoopController"):
        for slot in node["inputs"]:
            if slot["name"] == "base_seed":
                slot["name"] = "seed"
                if slot.get("widget"):
                    slot["widget"] = {"name": "seed"}
        # It had no plan either.
        node["inputs"] = [s for s in node["inputs"] if s["name"] != "plan" or s.get("link") is not None]
        values = node["widgets_values"]
        if len(values) == 5:
            node["widgets_values"] = [*values[:4], "randomize", values[4]]
    for level, node in _nodes(document, "AudioLoopController"):
        _number_slots(level, node)


def reorder_widgets(document: Document, _chance: random.Random) -> None:
    """The prompt schedule's values in an earlier order, and fewer of them."""
    for _, node in _nodes(document, "TimestampPromptSchedule"):
        iteration, stride, schedule, blend, *_ = node["widgets_values"]
        node["widgets_values"] = [schedule, iteration, stride, blend]
        node["inputs"] = [s for s in node["inputs"] if s.get("link") is not None]
        node["outputs"] = node["outputs"][:4]
    for level, node in _nodes(document, "TimestampPromptSchedule"):
        _number_slots(level, node)


def shuffle_sockets(document: Document, chance: random.Random) -> None:
    """Inputs in another order, as a frontend of another version lists them."""
    for level, node in list(_nodes(document)):
        if Schemas.load().get(node["type"]) is not None and len(node.get("inputs") or ()) > 1:
            chance.shuffle(node["inputs"])
            _number_slots(level, node)


def bypass_planner(document: Document, chance: random.Random) -> None:
    """The planner is switched off and what it fed is not wired."""
    for level, node in _nodes(document, "AudioLoopPlanner"):
        if document["nodes"] and not any(slot.get("links") for slot in node["outputs"][4:]):
            node["mode"] = chance.choice((2, 4))
            for slot in node["outputs"]:
                for identity in list(slot.get("links") or ()):
                    _cut(level, identity)


def old_planner(document: Document, _chance: random.Random) -> None:
    """The planner that read its stride from the controller and had two outputs."""
    controller = next((node for _, node in _nodes(document, "AudioLoopController")), None)
    for level, node in list(_nodes(document, "AudioLoopPlanner")):
        if controller is None or controller not in level["nodes"]:
            continue
        if any(slot["name"] == "plan" and slot.get("link") for slot in controller["inputs"]):
            continue
        for slot in node["outputs"]:
            for identity in list(slot.get("links") or ()):
                _cut(level, identity)
        node["outputs"] = node["outputs"][:2]
        kept = []
        for slot in node["inputs"]:
            if slot["name"] in ("audio", "window_seconds"):
                kept.append(slot)
            elif slot.get("link") is not None:
                _cut(level, slot["link"])
        identity = document["last_link_id"] = document["last_link_id"] + 1
        kept.append({"name": "stride_seconds", "type": "FLOAT", "link": identity})
        node["inputs"] = kept
        level["links"].append([identity, controller["id"], 4, node["id"], len(kept) - 1, "FLOAT"])
        controller["outputs"][4]["links"].append(identity)
        node["widgets_values"] = [round(WINDOW_SECONDS - OVERLAP_SECONDS, 2), WINDOW_SECONDS]
        _number_slots(level, node)


def _cut(level: Document, identity: int) -> None:
    level["links"] = [link for link in _links(level) if _end(link, "id") != identity]
    for node in level["nodes"]:
        for slot in node.get("inputs") or ():
            if slot.get("link") == identity:
                slot["link"] = None
        for slot in node.get("outputs") or ():
            slot["links"] = [each for each in slot.get("links") or () if each != identity]


def older_outputs(document: Document, _chance: random.Random) -> None:
    """Outputs that came later and are not used are not there yet."""
    for _, node in _nodes(document):
        schema = Schemas.load().get(node["type"])
        if schema is not None and schema.pack == "audio-loop":
            while len(node["outputs"]) > 1 and not node["outputs"][-1].get("links"):
                node["outputs"].pop()


def break_links(document: Document, chance: random.Random) -> None:
    """Lists and counters that contradict the inputs, and links that lead nowhere."""
    for level in _levels(document):
        for node in level["nodes"]:
            for slot in node.get("outputs") or ():
                if slot.get("links") and chance.random() < 0.2:
                    slot["links"] = [*slot["links"][1:], 999999]
        first = level["links"][0]
        stray = copy.deepcopy(first)
        _set(stray, "id", 888888)
        _set(stray, "origin_id", 777777)
        level["links"].append(stray)
    document["last_node_id"] = 1


def bare(document: Document, _chance: random.Random) -> None:
    """Without sizes, titles, flags, colours and what the frontend keeps for itself."""
    for _, node in _nodes(document):
        for key in ("size", "flags", "order", "color", "bgcolor", "showAdvanced"):
            node.pop(key, None)
    document.pop("extra", None)
    document.pop("groups", None)


def named_values(document: Document, _chance: random.Random) -> None:
    """Values by name, as some frontends save them."""
    for _, node in _nodes(document):
        schema = Schemas.load().get(node["type"])
        if schema is not None and schema.pack == "comfy-core" and isinstance(node.get("widgets_values"), list):
            node["widgets_values"] = schema.read_widgets(node["widgets_values"])


def bypassed_preview(document: Document, _chance: random.Random) -> None:
    """A second saver behind the decoder, switched off."""
    made = Graph(document)
    for combine in made.find(type="VHS_VideoCombine"):
        source = combine.input("images").source
        if source is None:
            continue
        second = made.add("VHS_VideoCombine", level=combine.level)
        second.raw["widgets_values"] = {**dict(combine.widgets), "filename_prefix": "second"}
        made.connect(source, second.input("images"))
        made.bypass(second)
    changed = made.to_document()
    document.clear()
    document.update(changed)


AGEINGS: dict[str, Ageing] = {
    "second saver switched off": bypassed_preview,
    "planner switched off": bypass_planner,
    "planner of two outputs": old_planner,
    "inputs renamed": rename_inputs,
    "values reordered": reorder_widgets,
    "values by name": named_values,
    "older outputs": older_outputs,
    "sockets dropped": drop_sockets,
    "sockets shuffled": shuffle_sockets,
    "links broken": break_links,
    "bare": bare,
}


def made_small(document: Document) -> Document:
    """The kept file's graph, which has the usual size, at the size of the others."""
    made = Graph(document)
    values = {
        ("PrimitiveFloat", 19.88): WINDOW_SECONDS,
        ("PrimitiveInt", 497): WINDOW_PX,
        ("FloatConstant", 19.88): WINDOW_SECONDS,
        ("INTConstant", 497): WINDOW_PX,
    }
    for node in made.nodes:
        if node.type == "AudioLoopVideoSize":
            node.widgets["width"], node.widgets["height"] = 128, 64
        elif node.type in ("AudioLoopController", "AudioLoopPlanner"):
            node.widgets["overlap_seconds"] = OVERLAP_SECONDS
        elif (node.type, dict(node.widgets).get("value")) in values:
            node.widgets["value"] = values[node.type, node.widgets["value"]]
    return made.to_document()


def for_the_tiny_model(prompt: Document, song: str, picture: str) -> Document:
    """A prompt made from one of these graphs, with the tiny model, this song and this picture."""
    changed = json.loads(json.dumps(prompt))
    checkpoint = {"ckpt_name": CHECKPOINT_NAME}
    changed["tiny"] = {"class_type": "CheckpointLoaderSimple", "inputs": dict(checkpoint)}
    moved: dict[str, int] = {}
    for node_id, node in list(changed.items()):
        kind, inputs = node["class_type"], node["inputs"]
        if kind == "VAELoader" and "audio" in str(inputs["vae_name"]):
            node.update(class_type="LTXVAudioVAELoader", inputs=dict(checkpoint))
        elif kind in ("UNETLoader", "VAELoader"):
            moved[node_id] = 0 if kind == "UNETLoader" else 2
            del changed[node_id]
        elif kind in ("DualCLIPLoader", "LTXAVTextEncoderLoader"):
            encoder = {"text_encoder": TEXT_ENCODER_NAME, "device": "default", **checkpoint}
            node.update(class_type="DemoTinyTextEncoderLoader", inputs=encoder)
        elif kind == "LoadAudio":
            inputs["audio"] = song
        elif kind == "LoadImage":
            inputs["image"] = picture
        elif "lora_name" in inputs:
            inputs["lora_name"] = LORA_NAME
        elif "ckpt_name" in inputs:
            inputs["ckpt_name"] = CHECKPOINT_NAME
    for node in changed.values():
        node["inputs"] = {
            name: ["tiny", moved[value[0]]] if isinstance(value, list) and value[:1] and value[0] in moved else value
            for name, value in node["inputs"].items()
        }
    return changed
