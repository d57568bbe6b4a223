from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.editing.graph import Graph, GraphError
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.schemas import SchemaError


def base() -> dict:
    b = WorkflowBuilder("verbs")
    model = b.node("CheckpointLoaderSimple", id=4, role="model", ckpt_name="a.safetensors")
    text = b.node("CLIPTextEncode", id=6, title="Prompt", clip=model.out("CLIP"), text="song")
    sample = b.subgraph("sample")
    latent = sample.node("EmptyLatentImage", id=20, width=sample.input("width", "INT"))
    sampler = sample.node(
        "KSampler", id=22, model=sample.input("model", "MODEL"), positive=sample.input("positive", "CONDITIONING"),
        negative=sample.input("negative", "CONDITIONING"), latent_image=latent.out(), seed=sample.input("seed", "INT"),
    )  # fmt: skip
    sample.output("latent", sampler.out())
    wires = {"model": model.out("MODEL"), "positive": text.out(), "negative": text.out()}
    first = sample.place(id=843, **wires, width=64, seed=7)
    sample.place(id=844, **wires, width=128, seed=8)
    image = b.node("VAEDecode", id=8, samples=first.out(), vae=model.out("VAE"))
    b.node("SaveImage", id=9, images=image.out())
    return b.workflow()


@pytest.fixture
def graph() -> Graph:
    return Graph(base())


def sound(graph: Graph) -> dict:
    assert graph.check() == ()
    return graph.to_document()


def test_finding(graph: Graph) -> None:
    assert graph.one(role="model").id == 4
    assert graph.one(title="Prompt").type == "CLIPTextEncode"
    assert [node.id for node in graph.find(type="KSampler")] == [22]
    assert graph.node(22).level == graph.subgraph("sample")
    assert [node.id for node in graph.subgraph("sample").instances] == [843, 844]
    for ask, said in [
        (lambda: graph.one(type="VAEDecodeTiled"), "0 nodes have type"),
        (lambda: graph.node(5), "0 nodes have the id 5"),
        (lambda: graph.subgraph("other"), "there are 'sample'"),
        (lambda: graph.node(8).input("latent"), "has no input 'latent'; it has 'samples', 'vae'"),
        (lambda: graph.node(8).output("LATENT"), "it has 'IMAGE'"),
        (lambda: graph.subgraph("sample").input("x"), "it has 'width'"),
    ]:
        with pytest.raises(GraphError, match=said):
            ask()


def test_walking(graph: Graph) -> None:
    samples = graph.node(8).input("samples")
    assert samples.source == graph.node(843).output("latent")
    assert [target.node_id for target in graph.node(4).output("CLIP").targets] == [6]
    level = graph.subgraph("sample")
    assert level.input("seed").targets == (graph.node(22).input("seed"),)
    assert level.output("latent").source == graph.node(22).output()
    assert level.input("seed").node is None


def test_the_argument_never_changes() -> None:
    start = base()
    kept = document.clone(start)
    graph = Graph(start)
    graph.remove(graph.node(8))
    graph.to_document()["nodes"].clear()
    assert start == kept
    assert len(graph.root.nodes) > 1


def test_connect_replaces_the_link_of_the_input(graph: Graph) -> None:
    graph.connect(graph.node(844).output(), graph.node(8).input("samples"))
    now = sound(graph)
    assert graph.node(843).output().links == ()
    assert to_api(now)["8"]["inputs"]["samples"] == ["844:22", 0]


def test_connect_refuses(graph: Graph) -> None:
    before = graph.to_document()
    level = graph.subgraph("sample")
    for output, target, said in [
        (graph.node(8).output(), graph.node(843).input("model"), "gives IMAGE, input 'model' takes MODEL"),
        (graph.node(20).output(), graph.node(8).input("samples"), "cannot be linked directly"),
        (level.input("width"), level.output("latent"), "cannot be its output directly"),
    ]:
        with pytest.raises(GraphError, match=said):
            graph.connect(output, target)
    assert graph.to_document() == before


def test_a_circle_is_refused(graph: Graph) -> None:
    one = graph.add("LatentUpscale", pos=(0, 0))
    two = graph.add("LatentUpscale")
    graph.connect(one.output(), two.input("samples"))
    before = graph.to_document()
    with pytest.raises(GraphError, match="in a circle"):
        graph.connect(two.output(), one.input("samples"))
    assert graph.to_document() == before


def test_a_circle_through_a_subgraph_is_refused() -> None:
    b = WorkflowBuilder("two ways")
    both = b.subgraph("both")
    for way in ("one", "two"):
        both.output(way, both.node("LatentUpscale", samples=both.input(way, "LATENT")).out())
    both.place(id=7)
    graph = Graph(b.workflow())
    node = graph.node(7)
    # First output back into the second input: inside, the two have nothing to do with each other.
    graph.connect(node.output("one"), node.input("two"))
    sound(graph)
    with pytest.raises(GraphError, match="in a circle"):
        graph.connect(node.output("two"), node.input("one"))


def test_disconnect(graph: Graph) -> None:
    link = graph.disconnect(graph.node(8).input("vae"))
    assert link is not None
    assert link.origin_id == 4
    assert graph.disconnect(graph.node(8).input("vae")) is None
    assert "vae" not in to_api(sound(graph))["8"]["inputs"]


def test_splice_and_remove_with_healing_are_inverse(graph: Graph) -> None:
    before = to_api(graph.to_document())
    scale = graph.add("ImageScale", widgets={"width": 640})
    link = graph.node(9).input("images").link
    graph.splice(link.id, scale)
    prompt = to_api(sound(graph))
    assert prompt["9"]["inputs"]["images"] == [str(scale.id), 0]
    assert prompt[str(scale.id)]["inputs"]["image"] == ["8", 0]
    graph.remove(scale, heal=True)
    assert to_api(sound(graph)) == before


def test_splice_inside_a_subgraph_at_its_boundary(graph: Graph) -> None:
    level = graph.subgraph("sample")
    scale = graph.add("LatentUpscale", level=level)
    graph.splice(level.output("latent").link.id, scale)
    assert to_api(sound(graph))["8"]["inputs"]["samples"] == [f"843:{scale.id}", 0]


def test_splice_refuses(graph: Graph) -> None:
    text = graph.add("CLIPTextEncode")
    link = graph.node(9).input("images").link
    with pytest.raises(GraphError, match="no free input for IMAGE"):
        graph.splice(link.id, text)
    with pytest.raises(GraphError, match="has no link 9999"):
        graph.splice(9999, text)


def test_modes(graph: Graph) -> None:
    graph.bypass(graph.node(6))
    assert graph.node(6).mode == 4
    graph.bypass(graph.node(6), on=False)
    assert graph.node(6).mode == 0
    sound(graph)


def test_add_checks_ids_and_values(graph: Graph) -> None:
    assert graph.add("VAEDecode", id=9000, role="decoder").role == "decoder"
    assert graph.add("VAEDecode").id == 9001
    for details, said in [({"id": 22}, "22 is in use"), ({"widgets": {"width": 8}}, "at least 16")]:
        with pytest.raises(GraphError, match=said):
            graph.add("EmptyLatentImage", **details)
    with pytest.raises(SchemaError, match="VAEDecode"):
        graph.add("VAEDecod")
    sound(graph)


def test_removing_the_last_instance_removes_the_definition(graph: Graph) -> None:
    graph.remove(graph.node(843))
    assert len(graph.levels) == 2
    graph.remove(graph.node(844))
    assert len(graph.levels) == 1
    assert sound(graph)["definitions"]["subgraphs"] == []


def test_swap_keeps_place_links_and_fitting_values(graph: Graph) -> None:
    decoder = graph.swap(graph.node(8), "VAEDecodeTiled", values={"tile_size": 768})
    prompt = to_api(sound(graph))
    assert (decoder.id, decoder.type) == (8, "VAEDecodeTiled")
    assert prompt["8"]["inputs"]["samples"] == ["843:22", 0]
    assert prompt["8"]["inputs"]["tile_size"] == 768
    assert prompt["9"]["inputs"]["images"] == ["8", 0]
    back = graph.swap(decoder, "VAEDecode")
    assert back.raw["widgets_values"] == []
    assert to_api(sound(graph)) == to_api(base())


def test_swap_maps_names(graph: Graph) -> None:
    graph.swap(
        graph.node(22),
        "KSamplerAdvanced",
        inputs={"seed": "noise_seed"},
        widgets={"seed": "noise_seed", "denoise": None},
    )
    inputs = to_api(sound(graph))["843:22"]["inputs"]
    assert inputs["noise_seed"] == 7
    assert inputs["model"] == ["4", 0]
    assert dict(graph.node(843).widgets) == {"width": 64, "seed": 7}


def test_swap_refuses_to_lose_a_link(graph: Graph) -> None:
    before = graph.to_document()
    with pytest.raises(GraphError, match="KSamplerAdvanced has no input for seed"):
        graph.swap(graph.node(22), "KSamplerAdvanced")
    with pytest.raises(GraphError, match="has no widget 'x'"):
        graph.swap(graph.node(8), "VAEDecodeTiled", widgets={"nothing": "x"}, values={"tile_size": 64, "x": 1})
    with pytest.raises((GraphError, SchemaError), match="IMAGE"):
        graph.swap(graph.node(8), "VAEEncode", inputs={"samples": None})
    assert graph.to_document() == before
    graph.swap(graph.node(22), "KSamplerAdvanced", inputs={"seed": None})
    sound(graph)


def test_widgets_by_name(graph: Graph) -> None:
    sampler = graph.node(22)
    sampler.widgets["steps"] = 8
    assert to_api(sound(graph))["843:22"]["inputs"]["steps"] == 8
    assert sampler.widgets["cfg"] == 8.0
    assert len(sampler.widgets) == 7
    for name, value, error, said in [
        ("step", 1, KeyError, "no widget 'step'"),
        ("steps", "many", ValueError, "whole number"),
        ("sampler_name", "eulr", ValueError, "did you mean 'euler'"),
    ]:
        with pytest.raises(error, match=said):
            sampler.widgets[name] = value
    with pytest.raises(TypeError, match="cannot be removed"):
        del sampler.widgets["steps"]


def test_widgets_of_an_instance(graph: Graph) -> None:
    graph.node(843).widgets["seed"] = 99
    prompt = to_api(sound(graph))
    assert (prompt["843:22"]["inputs"]["seed"], prompt["844:22"]["inputs"]["seed"]) == (99, 8)


def test_widgets_that_no_schema_names() -> None:
    doc = base()
    doc["nodes"].append({"id": 70, "type": "Somebodys", "widgets_values": [1, "two"], "inputs": [], "outputs": []})
    doc["nodes"].append({"id": 71, "type": "VideoCombine", "widgets_values": {"crf": 19}, "inputs": [], "outputs": []})
    doc["last_node_id"] = 9000
    graph = Graph(doc)
    graph.node(70).widgets["#1"] = "three"
    graph.node(71).widgets["crf"] = 20
    assert graph.node(70).raw["widgets_values"] == [1, "three"]
    assert graph.node(71).raw["widgets_values"] == {"crf": 20}


def test_a_choice_brings_its_inputs(graph: Graph) -> None:
    node = graph.add("ResizeImageMaskNode")
    graph.connect(graph.node(8).output(), node.input("input"))
    number = graph.add("PrimitiveInt")
    graph.connect(number.output(), node.input("resize_type.width"))
    node.widgets["resize_type"] = "scale by multiplier"
    sound(graph)
    assert list(node.widgets) == ["resize_type", "resize_type.multiplier", "scale_method"]
    assert [slot.name for slot in node.inputs] == ["input", "resize_type", "resize_type.multiplier", "scale_method"]
    assert number.output().links == ()
    assert node.input("input").source == graph.node(8).output()


def test_an_autogrow_grows_with_its_links(graph: Graph) -> None:
    node, number = graph.add("ComfyMathExpression"), graph.add("PrimitiveInt")
    graph.connect(number.output(), node.input("values.b"))
    assert [slot.name for slot in node.inputs] == ["values.a", "values.b", "values.c", "expression"]
    sound(graph)


def test_boundary_slots_come_and_go_with_every_instance(graph: Graph) -> None:
    level = graph.subgraph("sample")
    steps = graph.add_input(level, "steps", "INT")
    graph.connect(steps, graph.node(22).input("steps"))
    sound(graph)
    assert dict(graph.node(843).widgets) == {"width": 64, "seed": 7, "steps": 20}
    graph.node(844).widgets["steps"] = 4
    graph.remove_input(level, "width")
    prompt = to_api(sound(graph))
    assert dict(graph.node(844).widgets) == {"seed": 8, "steps": 4}
    assert (prompt["843:22"]["inputs"]["steps"], prompt["844:22"]["inputs"]["steps"]) == (20, 4)
    assert prompt["843:20"]["inputs"]["width"] == 512
    for edit in (
        lambda: graph.add_input(level, "seed", "INT"),
        lambda: graph.add_input(graph.root, "seed", "INT"),
        lambda: graph.remove_input(level, "nothing"),
    ):
        with pytest.raises(GraphError):
            edit()


def test_unwiring_a_shown_widget_keeps_the_values_of_the_others(graph: Graph) -> None:
    graph.disconnect(graph.node(20).input("width"))
    sound(graph)
    assert dict(graph.node(843).widgets) == {"seed": 7}
    assert graph.node(843).raw["widgets_values"] == [7]


def listed_as_proxies() -> Graph:
    """The graph as an older frontend saves it: the instance's values in an order of its own, with one of a node inside."""
    made = base()
    instance = next(node for node in made["nodes"] if node["id"] == 843)
    instance["properties"]["proxyWidgets"] = [["-1", "seed"], ["22", "steps"], ["-1", "width"]]
    instance["widgets_values"] = [7, None, 64]
    return Graph(made)


def test_values_listed_as_proxies_are_read_and_written_by_name() -> None:
    graph = listed_as_proxies()
    instance = graph.node(843)
    assert dict(instance.widgets) == {"width": 64, "seed": 7}
    instance.widgets["width"] = 96
    assert instance.raw["widgets_values"] == [7, None, 96]
    assert to_api(graph.to_document())["843:20"]["inputs"]["width"] == 96


def test_unwiring_a_shown_widget_takes_its_proxy_too() -> None:
    graph = listed_as_proxies()
    graph.disconnect(graph.node(22).input("seed"))
    raw = graph.node(843).raw
    assert raw["properties"]["proxyWidgets"] == [["22", "steps"], ["-1", "width"]]
    assert raw["widgets_values"] == [None, 64]
    sound(graph)


def test_object_links_at_the_top_stay_objects() -> None:
    doc = base()
    doc["links"] = [
        {"id": i, "origin_id": a, "origin_slot": b, "target_id": c, "target_slot": d, "type": t, "parentId": 3}
        for i, a, b, c, d, t in doc["links"]
    ]
    graph = Graph(doc)
    graph.connect(graph.node(844).output(), graph.node(8).input("samples"))
    links = sound(graph)["links"]
    assert all(isinstance(link, dict) for link in links)
    assert sum(link.get("parentId") == 3 for link in links) == len(links) - 1


def test_ids_written_as_strings_are_numbers_in_the_result() -> None:
    doc = base()
    for node in doc["nodes"]:
        node["id"] = str(node["id"])
    doc["links"] = [[str(i), str(a), b, str(c), d, t] for i, a, b, c, d, t in doc["links"]]
    assert Graph(doc).to_document() == base()
