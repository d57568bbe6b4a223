"""Each case was compared with the frontend's own graphToPrompt (comfyui-frontend-package 1.49.6) when it was written."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.text_substitution import dynamic_prompt, replace_in_filename
from audio_loop.workflow_graph.frontend.to_api import convert, to_api


def base() -> dict:
    b = WorkflowBuilder("to-api")
    model = b.node("CheckpointLoaderSimple", id=4, ckpt_name="a.safetensors")
    lora = b.node("LoraLoader", id=5, model=model.out("MODEL"), clip=model.out("CLIP"), lora_name="l.safetensors")
    text = b.node("CLIPTextEncode", id=6, clip=lora.out("CLIP"), text="song")
    none = b.node("ConditioningZeroOut", id=7, conditioning=text.out())
    inner = b.subgraph("inner")
    scaled = inner.node("LatentUpscale", id=30, samples=inner.input("latent", "LATENT"), width=inner.input("width", "INT"))
    inner.output("latent", scaled.out())
    outer = b.subgraph("outer")
    names = {"model": "MODEL", "positive": "CONDITIONING", "negative": "CONDITIONING", "width": "INT", "seed": "INT"}
    given = {name: outer.input(name, kind) for name, kind in names.items()}
    empty = outer.node("EmptyLatentImage", id=20, width=64, height=64)
    nested = inner.place(outer, id=21, latent=empty.out(), width=given["width"])
    sampler = outer.node(
        "KSampler", id=22, model=given["model"], positive=given["positive"], negative=given["negative"],
        latent_image=nested.out(), seed=given["seed"],
    )  # fmt: skip
    outer.output("latent", sampler.out())
    wires = {"model": lora.out("MODEL"), "positive": text.out(), "negative": none.out()}
    first = outer.place(id=843, **wires, seed=11)
    number = b.node("PrimitiveInt", id=50, value=17)
    second = outer.place(id=844, **wires, seed=number.out(), width=96)
    one = b.node("VAEDecode", id=8, samples=first.out(), vae=model.out("VAE"))
    two = b.node("VAEDecode", id=9, samples=second.out(), vae=model.out("VAE"))
    blend = b.node("ImageBlend", id=10, image1=one.out(), image2=two.out())
    b.node("SaveImage", id=13, images=blend.out(), filename_prefix="%LoraLoader.lora_name%/%date:yyyy%")
    b.note("nothing that runs")
    return b.workflow()


def edited(edit) -> dict:
    graph = Graph(base())
    edit(graph)
    return to_api(graph.to_document())


def test_subgraphs_are_written_out() -> None:
    prompt = to_api(base())
    assert list(prompt) == [
        "4", "5", "6", "7", "8", "9", "10", "13", "50",
        "843:20", "843:21:30", "843:22", "844:20", "844:21:30", "844:22",
    ]  # fmt: skip
    assert prompt["843:21:30"]["inputs"]["samples"] == ["843:20", 0]
    assert prompt["843:22"]["inputs"]["latent_image"] == ["843:21:30", 0]
    assert prompt["843:22"]["inputs"]["model"] == ["5", 0]
    assert prompt["8"]["inputs"]["samples"] == ["843:22", 0]


def test_values_of_an_instance_reach_the_widgets_inside() -> None:
    prompt = to_api(base())
    assert prompt["843:22"]["inputs"]["seed"] == 11
    assert prompt["844:22"]["inputs"]["seed"] == ["50", 0]
    assert prompt["843:21:30"]["inputs"]["width"] == 512
    assert prompt["844:21:30"]["inputs"]["width"] == 96


def test_a_bypassed_node_passes_matching_types() -> None:
    prompt = edited(lambda g: g.bypass(g.node(5)))
    assert "5" not in prompt
    assert prompt["843:22"]["inputs"]["model"] == ["4", 0]
    assert prompt["6"]["inputs"]["clip"] == ["4", 1]


def test_a_bypassed_node_passes_the_first_of_two_equal_inputs() -> None:
    assert edited(lambda g: g.bypass(g.node(10)))["13"]["inputs"]["images"] == ["8", 0]


def test_a_muted_node_passes_nothing() -> None:
    prompt = edited(lambda g: g.node(5).raw.update(mode=2))
    assert "model" not in prompt["843:22"]["inputs"]
    assert prompt["6"]["inputs"] == {"text": "song"}


def test_a_bypassed_node_without_a_match_leaves_the_widget_value() -> None:
    prompt = edited(lambda g: g.bypass(g.node(50)))
    # The link cannot be followed, so the sampler keeps the value that its own widget holds.
    assert prompt["844:22"]["inputs"]["seed"] == 0


def test_values_that_an_older_frontend_listed_as_proxies_are_read_by_name() -> None:
    workflow = base()
    instance = next(node for node in workflow["nodes"] if node["id"] == 843)
    instance["properties"]["proxyWidgets"] = [["-1", "seed"], ["22", "steps"], ["-1", "width"]]
    instance["widgets_values"] = [77, None, 640]
    prompt = to_api(workflow)
    assert prompt["843:22"]["inputs"]["seed"] == 77
    assert prompt["843:22"]["inputs"]["steps"] == 20
    assert prompt["843:21:30"]["inputs"]["width"] == 640


def test_a_muted_instance_disappears_with_its_inside() -> None:
    prompt = edited(lambda g: g.node(843).raw.update(mode=2))
    assert not [key for key in prompt if key.startswith("843")]
    assert "samples" not in prompt["8"]["inputs"]


def test_a_bypassed_instance_passes_nothing_where_no_type_matches() -> None:
    assert "samples" not in edited(lambda g: g.bypass(g.node(843)))["8"]["inputs"]


def test_bypass_inside_a_subgraph() -> None:
    assert edited(lambda g: g.bypass(g.node(30)))["844:22"]["inputs"]["latent_image"] == ["844:20", 0]


def test_a_bypassed_nested_instance_keeps_its_inside_in_the_prompt() -> None:
    prompt = edited(lambda g: g.bypass(g.node(21)))
    assert prompt["843:22"]["inputs"]["latent_image"] == ["843:20", 0]
    assert "843:21:30" in prompt


def splice_virtual(doc: dict, node: dict, link: list) -> dict:
    """Puts a browser-only node with id 900 into a top-level link."""
    origin = next(n for n in doc["nodes"] if n["id"] == link[1])
    origin["outputs"][link[2]]["links"] = [900 if i == link[0] else i for i in origin["outputs"][link[2]]["links"]]
    doc["links"].append([900, link[1], link[2], 900, 0, link[5]])
    link[1], link[2] = 900, 0
    doc["nodes"].append({"id": 900, "pos": [0, 0], "size": [75, 26], "flags": {}, "order": 0, "mode": 0, **node})
    doc["last_node_id"] = doc["last_link_id"] = 1000
    return doc


def vae_link(doc: dict) -> list:
    return next(link for link in doc["links"] if link[1] == 4 and link[3] == 8)


def test_a_reroute_disappears() -> None:
    doc = base()
    link = vae_link(doc)
    node = {
        "type": "Reroute",
        "inputs": [{"name": "", "type": "*", "link": 900}],
        "outputs": [{"name": "", "type": "VAE", "links": [link[0]]}],
    }
    prompt = to_api(splice_virtual(doc, node, link))
    assert prompt["8"]["inputs"]["vae"] == ["4", 2]
    assert "900" not in prompt


def set_get(doc: dict, name: str = "vae") -> dict:
    link = vae_link(doc)
    slot = {"name": "VAE", "type": "VAE"}
    setter = {"type": "SetNode", "inputs": [{**slot, "link": 900}], "outputs": [{**slot, "links": []}]}
    splice_virtual(doc, {**setter, "widgets_values": ["vae"]}, link)
    link[1] = 901
    doc["nodes"].append(
        {"id": 901, "type": "GetNode", "mode": 0, "inputs": [], "widgets_values": [name],
         "outputs": [{**slot, "links": [link[0]]}]}
    )  # fmt: skip
    return doc


def test_set_and_get_disappear() -> None:
    prompt = to_api(set_get(base()))
    assert prompt["8"]["inputs"]["vae"] == ["4", 2]
    assert not {"900", "901"} & set(prompt)


def test_a_get_without_its_set_is_a_note() -> None:
    conversion = convert(set_get(base(), name="other"))
    assert "vae" not in conversion.prompt["8"]["inputs"]
    assert any("no SetNode is called 'other'" in note for note in conversion.notes)


def test_a_set_node_without_an_input_gives_its_get_nothing() -> None:
    doc = set_get(base())
    setter = next(node for node in doc["nodes"] if node["type"] == "SetNode")
    doc["links"] = [link for link in doc["links"] if link[3] != setter["id"]]
    setter["inputs"] = []
    assert "vae" not in to_api(doc)["8"]["inputs"]


def test_a_primitive_wired_to_a_plain_socket_changes_nothing() -> None:
    doc = base()
    link = vae_link(doc)
    link[1], link[2] = 900, 0
    doc["nodes"].append(
        {"id": 900, "type": "PrimitiveNode", "mode": 0, "inputs": [], "widgets_values": ["x"],
         "outputs": [{"name": "VAE", "type": "VAE", "links": [link[0], 4711]}]}
    )  # fmt: skip
    prompt = to_api(doc)
    assert set(prompt["8"]["inputs"]) == {"samples"}
    assert {key: node for key, node in prompt.items() if key != "8"} == {
        key: node for key, node in to_api(base()).items() if key != "8"
    }


def test_a_primitive_writes_its_value_into_what_it_is_wired_to() -> None:
    doc = base()
    instance = next(node for node in doc["nodes"] if node["id"] == 843)
    slot = next(i for i, entry in enumerate(instance["inputs"]) if entry["name"] == "seed")
    instance["inputs"][slot]["link"] = 900
    doc["links"].append([900, 900, 0, 843, slot, "INT"])
    doc["nodes"].append(
        {"id": 900, "type": "PrimitiveNode", "mode": 0, "inputs": [], "widgets_values": [123, "fixed"],
         "outputs": [{"name": "INT", "type": "INT", "links": [900], "widget": {"name": "seed"}}]}
    )  # fmt: skip
    prompt = to_api(doc)
    # Through a boundary the frontend finds no node behind the link and keeps the inner widget's own value.
    assert prompt["843:22"]["inputs"]["seed"] == 0
    assert "900" not in prompt


def test_a_primitive_on_an_ordinary_node() -> None:
    doc = base()
    node = next(node for node in doc["nodes"] if node["id"] == 10)
    slot = next(i for i, entry in enumerate(node["inputs"]) if entry["name"] == "blend_factor")
    node["inputs"][slot]["link"] = 900
    doc["links"].append([900, 900, 0, 10, slot, "FLOAT"])
    doc["nodes"].append(
        {"id": 900, "type": "PrimitiveNode", "mode": 0, "inputs": [], "widgets_values": [0.25, "fixed"],
         "outputs": [{"name": "FLOAT", "type": "FLOAT", "links": [900], "widget": {"name": "blend_factor"}}]}
    )  # fmt: skip
    assert to_api(doc)["10"]["inputs"]["blend_factor"] == 0.25


def test_ids_as_strings_and_links_as_objects_mean_the_same() -> None:
    doc = base()
    for node in doc["nodes"]:
        node["id"] = str(node["id"])
    doc["links"] = [
        {"id": str(i), "origin_id": str(a), "origin_slot": b, "target_id": str(c), "target_slot": str(d), "type": t}
        for i, a, b, c, d, t in doc["links"]
    ]
    assert to_api(doc) == to_api(base())


def test_unconnected_widget_inputs_may_be_left_out_as_older_files_do() -> None:
    doc = base()
    definitions = doc["definitions"]["subgraphs"]
    for level in [doc, *definitions]:
        for node in level["nodes"]:
            node["inputs"] = [slot for slot in node["inputs"] if "widget" not in slot or slot["link"] is not None]
    assert to_api(doc) == to_api(base())


def test_an_id_that_occurs_again_inside_a_subgraph_is_renumbered_as_the_frontend_does() -> None:
    doc = base()
    outer = doc["definitions"]["subgraphs"][1]
    for node in outer["nodes"]:
        node["id"] = 8 if node["id"] == 20 else node["id"]
    for link in outer["links"]:
        link["origin_id"] = 8 if link["origin_id"] == 20 else link["origin_id"]
    prompt = to_api(doc)
    fresh = doc["last_node_id"] + 1
    assert prompt[f"843:{fresh}"]["class_type"] == "EmptyLatentImage"
    assert prompt["843:21:30"]["inputs"]["samples"] == [f"843:{fresh}", 0]


def test_file_names_take_widget_values_and_leave_dates() -> None:
    assert to_api(base())["13"]["inputs"]["filename_prefix"] == "l.safetensors/%date:yyyy%"


def test_unsafe_characters_in_file_names() -> None:
    assert replace_in_filename("%a.b%-%width%-%x%", lambda node, widget: 'x/"y"') == "x__y_-%width%-%x%"


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (2.0, "2"), (0.5, "0.5"), (None, "")])
def test_values_in_file_names_are_written_as_the_browser_writes_them(value, text) -> None:
    assert replace_in_filename("take-%a.b%", lambda node, widget: value) == f"take-{text}"


@pytest.mark.parametrize("place", ["Nobody.width", "LoraLoader.width"])
def test_a_file_name_keeps_what_no_node_says(place: str) -> None:
    doc = base()
    next(node for node in doc["nodes"] if node["id"] == 13)["widgets_values"] = [f"a-%{place}%"]
    assert to_api(doc)["13"]["inputs"]["filename_prefix"] == f"a-%{place}%"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a song", "a song"),
        ("a {x|y} b", "a x b"),
        ("a {x {1|2}|y} b", "a x 1 b"),
        ("a // comment\nb /* c */d", "a \nb d"),
        (r"a \{x\|y\} b", "a {x|y} b"),
        (r"a {x\|y\}|z} b", "a x|y} b"),
        ("open {x|y", "open x"),
        ("a } b", "a } b"),
    ],
)
def test_dynamic_prompts(text: str, sent: str) -> None:
    assert dynamic_prompt(text) == sent


def test_random_choices_are_a_note() -> None:
    b = WorkflowBuilder("x")
    model = b.node("CheckpointLoaderSimple", id=4, ckpt_name="a.safetensors")
    b.node("CLIPTextEncode", id=6, clip=model.out("CLIP"), text="{a|b}")
    conversion = convert(b.workflow())
    assert conversion.prompt["6"]["inputs"]["text"] == "a"
    assert len(conversion.notes) == 1


def test_lists_are_wrapped_so_that_they_are_no_links() -> None:
    b = WorkflowBuilder("x")
    image = b.node("LoadImage", id=1, image="x.png")
    b.node("ImageCompare", id=2, image_a=image.out("IMAGE"))
    assert b.prompt()["2"]["inputs"]["compare_view"] == {"__value__": ["", ""]}


def test_unknown_types_are_a_note_and_keep_links_and_named_values() -> None:
    doc = base()
    node = next(node for node in doc["nodes"] if node["id"] == 10)
    node["type"] = "SomebodysBlend"
    node["widgets_values"] = {"strength": 2}
    conversion = convert(doc)
    assert conversion.prompt["10"]["inputs"] == {"strength": 2, "image1": ["8", 0], "image2": ["9", 0]}
    assert any("SomebodysBlend" in note for note in conversion.notes)


def test_an_output_beyond_those_of_its_subgraph_gives_nothing() -> None:
    doc = base()
    instance = next(node for node in doc["nodes"] if node["id"] == 843)
    instance["outputs"].append({"name": "gone", "type": "LATENT", "links": []})
    next(link for link in doc["links"] if link[1] == 843)[2] = 1
    assert "samples" not in to_api(doc)["8"]["inputs"]


def test_the_document_is_not_changed() -> None:
    doc = base()
    kept = document.clone(doc)
    to_api(doc)
    assert doc == kept


def dead_link(doc: dict) -> None:
    next(node for node in doc["nodes"] if node["id"] == 8)["inputs"][0]["link"] = 4711


def passed_straight_through(doc: dict) -> None:
    inner = doc["definitions"]["subgraphs"][0]
    out = next(link for link in inner["links"] if link["target_id"] == -20)
    out["origin_id"], out["origin_slot"] = -10, 0


def fed_from_nowhere(doc: dict) -> None:
    inner = doc["definitions"]["subgraphs"][0]
    next(link for link in inner["links"] if link["target_id"] == -20)["origin_id"] = 99


def recursive(doc: dict) -> None:
    inner, outer = doc["definitions"]["subgraphs"]
    inner["nodes"].append({"id": 70, "type": outer["id"], "inputs": [], "outputs": []})


def reroute_circle(doc: dict) -> None:
    for identity, other in ((70, 71), (71, 70)):
        doc["nodes"].append(
            {"id": identity, "type": "Reroute", "inputs": [{"name": "", "type": "*", "link": 7000 + identity}],
             "outputs": [{"name": "", "type": "*", "links": [7000 + other]}]}
        )  # fmt: skip
        doc["links"].append([7000 + identity, other, 0, identity, 0, "*"])
    image = next(node for node in doc["nodes"] if node["id"] == 8)
    image["inputs"][0]["link"] = 7999
    doc["links"].append([7999, 70, 0, 8, 0, "*"])


def node_without_id(doc: dict) -> None:
    del doc["nodes"][0]["id"]


def no_free_ids(doc: dict) -> None:
    doc["last_node_id"] = 100_000_000
    doc["definitions"]["subgraphs"][0]["nodes"][0]["id"] = 8


def bomb(doc: dict) -> None:
    level = doc["definitions"]["subgraphs"]
    name = level[0]["id"]
    for depth in range(12):
        nodes = [{"id": 10_000 + 10 * depth + i, "type": name, "inputs": [], "outputs": []} for i in range(4)]
        name = f"bomb-{depth}"
        level.append({"id": name, "name": name, "nodes": nodes, "links": [], "inputs": [], "outputs": []})
    doc["nodes"].append({"id": 9999, "type": name, "inputs": [], "outputs": []})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (dead_link, "holds link 4711, which does not exist"),
        (passed_straight_through, "subgraph 'inner' passes an input straight to its output 0"),
        (fed_from_nowhere, "node 843:21:99 feeds an output of its subgraph, but does not exist"),
        (recursive, "contains itself"),
        (reroute_circle, "from itself"),
        (node_without_id, "nodes.0.: a node whose id is None"),
        (no_free_ids, "there are no free node ids left"),
        (bomb, "more than 100 000 nodes"),
    ],
)
def test_what_cannot_be_converted_is_an_error_in_words(spoil, said: str) -> None:
    doc = base()
    spoil(doc)
    with pytest.raises(DocumentError, match=said):
        to_api(doc)
