from __future__ import annotations

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.building.builder import BuildError, Linked, Look, WorkflowBuilder
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.schemas import SchemaError


def small() -> WorkflowBuilder:
    b = WorkflowBuilder("small", revision=3)
    model = b.node(
        "CheckpointLoaderSimple",
        id=4,
        title="Model",
        role="model",
        look=Look(pos=(10, 20)),
        ckpt_name="a.safetensors",
        models=[{"name": "a.safetensors", "url": "https://example.org/a", "directory": "checkpoints"}],
    )
    text = b.node("CLIPTextEncode", id=6, clip=model.out("CLIP"), text="a song")
    sample = b.subgraph("sample")
    latent = sample.node("EmptyLatentImage", id=20, width=64, height=64)
    sampler = sample.node(
        "KSampler",
        id=22,
        model=sample.input("model", "MODEL"),
        positive=sample.input("positive", "CONDITIONING"),
        negative=sample.input("negative", "CONDITIONING"),
        latent_image=latent.out(),
        seed=sample.input("seed", "INT"),
        steps=sample.input("steps", "INT", default=8),
    )
    sample.output("latent", sampler.out())
    instance = sample.place(id=843, model=model.out("MODEL"), positive=text.out(), negative=text.out(), seed=7)
    image = b.node("VAEDecode", id=8, samples=instance.out("latent"), vae=model.out("VAE"))
    b.node("SaveImage", id=9, images=image.out())
    b.group("Text", text)
    b.note("# What this is", id=100, title="Read me")
    return b


def test_the_document_is_sound_and_the_same_each_time() -> None:
    one, two = small().workflow(), small().workflow()
    assert document.dumps(one) == document.dumps(two)
    assert check(one) == ()
    assert one["extra"]["audio_loop"] == {"name": "small", "revision": 3}
    assert (one["last_node_id"], one["version"]) == (843, 0.4)


def test_another_name_gives_other_ids() -> None:
    other = WorkflowBuilder("other").workflow()
    assert other["id"] != WorkflowBuilder("small").workflow()["id"]


def test_nodes_say_what_they_are() -> None:
    nodes = {node["id"]: node for node in small().workflow()["nodes"]}
    model = nodes[4]
    assert (model["title"], model["pos"], model["mode"]) == ("Model", [10, 20], 0)
    assert model["properties"]["audio_loop.role"] == "model"
    assert model["properties"]["cnr_id"] == "comfy-core"
    assert model["properties"]["models"][0]["directory"] == "checkpoints"
    assert nodes[100]["type"] == "MarkdownNote"
    assert nodes[100]["widgets_values"] == ["# What this is"]
    assert nodes[843]["widgets_values"] == [7, 8]
    assert [slot["name"] for slot in nodes[843]["inputs"] if "widget" in slot] == ["seed", "steps"]


def test_seeds_are_fixed_unless_said_otherwise() -> None:
    b = WorkflowBuilder("x")
    b.node("RandomNoise", id=1, noise_seed=5)
    b.node("RandomNoise", id=2, noise_seed=5, control_after_generate="randomize")
    assert [node["widgets_values"] for node in b.workflow()["nodes"]] == [[5, "fixed"], [5, "randomize"]]


def test_the_prompt() -> None:
    prompt = small().prompt()
    assert list(prompt) == ["4", "6", "8", "9", "843:20", "843:22"]
    assert prompt["843:22"]["inputs"] == {
        "seed": 7, "steps": 8, "cfg": 8.0, "sampler_name": "euler", "scheduler": "simple", "denoise": 1.0,
        "model": ["4", 0], "positive": ["6", 0], "negative": ["6", 0], "latent_image": ["843:20", 0],
    }  # fmt: skip
    assert prompt["8"] == {
        "inputs": {"samples": ["843:22", 0], "vae": ["4", 2]},
        "class_type": "VAEDecode",
        "_meta": {"title": "VAE Decode"},
    }
    assert prompt["4"]["_meta"] == {"title": "Model"}


def test_a_group_surrounds_its_nodes() -> None:
    built = small().workflow()
    text = next(node for node in built["nodes"] if node["id"] == 6)
    x, y, width, height = built["groups"][0]["bounding"]
    assert x < text["pos"][0]
    assert y < text["pos"][1] - 30
    assert x + width > text["pos"][0] + text["size"][0]
    assert y + height > text["pos"][1] + text["size"][1]


def test_nodes_without_a_place_do_not_overlap() -> None:
    boxes = [(*node["pos"], *node["size"]) for node in small().workflow()["nodes"] if node["type"] != "MarkdownNote"]
    for index, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[index + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_numbering_starts_above_the_fixed_ids_and_skips_used_ones() -> None:
    b = WorkflowBuilder("x")
    b.node("RandomNoise", id=3001)
    assert [b.node("RandomNoise").id for _ in range(3)] == [3000, 3002, 3003]


def test_a_link_over_a_kept_value() -> None:
    b = WorkflowBuilder("x")
    number = b.node("PrimitiveInt", id=1, value=64)
    empty = b.node("EmptyLatentImage", id=2, width=Linked(number.out(), 512))
    assert b.workflow()["nodes"][1]["widgets_values"][0] == 512
    assert b.prompt()["2"]["inputs"]["width"] == ["1", 0]
    assert empty.id == 2


def test_dynamic_inputs() -> None:
    b = WorkflowBuilder("x")
    number = b.node("PrimitiveInt", id=1, value=3)
    b.node("ComfyMathExpression", id=2, expression="a*b", inputs={"values.a": number.out(), "values.b": number.out()})
    image = b.node("LoadImage", id=3, image="x.png")
    b.node(
        "ResizeImageMaskNode",
        id=4,
        input=image.out("IMAGE"),
        inputs={"resize_type.multiplier": 0.5, "resize_type": "scale by multiplier"},
    )
    prompt = b.prompt()
    assert prompt["2"]["inputs"] == {"expression": "a*b", "values.a": ["1", 0], "values.b": ["1", 0]}
    assert prompt["4"]["inputs"] == {
        "resize_type": "scale by multiplier",
        "resize_type.multiplier": 0.5,
        "scale_method": "area",
        "input": ["3", 0],
    }
    assert [slot["name"] for slot in b.workflow()["nodes"][1]["inputs"]] == ["values.a", "values.b", "values.c", "expression"]


def test_a_match_type_output_takes_the_type_of_its_inputs() -> None:
    b = WorkflowBuilder("x")
    image = b.node("LoadImage", id=1, image="x.png")
    switch = b.node("ComfySwitchNode", id=2, switch=True, on_false=image.out("IMAGE"), on_true=image.out("IMAGE"))
    assert switch.out().type == "IMAGE"
    with pytest.raises(BuildError, match="takes LATENT"):
        b.node("VAEDecode", samples=switch.out(), vae=None)


def test_nested_subgraphs_pass_a_shown_value_up() -> None:
    b = WorkflowBuilder("x")
    inner = b.subgraph("inner")
    empty = inner.node("EmptyLatentImage", id=10, width=inner.input("width", "INT"))
    inner.output("latent", empty.out())
    outer = b.subgraph("outer")
    placed = inner.place(outer, id=11, width=outer.input("width", "INT", default=96))
    outer.output("latent", placed.out())
    outer.place(id=12)
    second = outer.place(id=13, width=128)
    b.node("SaveLatent", id=14, samples=second.out())
    prompt = b.prompt()
    assert prompt["12:11:10"]["inputs"]["width"] == 96
    assert prompt["13:11:10"]["inputs"]["width"] == 128
    assert prompt["14"]["inputs"]["samples"] == ["13:11:10", 0]


def bad_builds():
    b = WorkflowBuilder("bad")
    model = b.node("CheckpointLoaderSimple", id=4, ckpt_name="a.safetensors")
    inside = b.subgraph("inside")
    empty = inside.node("EmptyLatentImage", id=20)
    inside.input("unused", "MODEL")
    inside.output("latent", empty.out())
    return b, model, inside, empty


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda b, m, s, e: b.node("KSamplr"), "nearest known are KSampler"),
        (lambda b, m, s, e: b.node("VAEDecode", samplez=1), "no input 'samplez'; it has samples, vae"),
        (lambda b, m, s, e: b.node("VAEDecode", vae=m.out("CLIP")), "takes VAE, but output 'CLIP' of node 4 gives CLIP"),
        (lambda b, m, s, e: b.node("VAEDecode", vae=m), "say which output"),
        (lambda b, m, s, e: b.node("VAEDecode", vae="x"), "is a socket of type VAE"),
        (lambda b, m, s, e: b.node("VAEDecode", samples=e.out()), "output of 'inside', but the node is in 'bad'"),
        (lambda b, m, s, e: m.out("IMAGE"), "no single output 'IMAGE'"),
        (lambda b, m, s, e: b.node("EmptyLatentImage", width=8.5), "whole number, not 8.5"),
        (lambda b, m, s, e: b.node("EmptyLatentImage", width=True), "whole number, not True"),
        (lambda b, m, s, e: b.node("EmptyLatentImage", width=8), "at least 16, not 8"),
        (lambda b, m, s, e: b.node("EmptyLatentImage", width=10**6), "at most 16384"),
        (lambda b, m, s, e: b.node("KSampler", sampler_name="eulr"), "did you mean 'euler'"),
        (lambda b, m, s, e: b.node("KSampler", cfg="1"), "takes a number"),
        (lambda b, m, s, e: b.node("KSampler", cfg=float("nan")), "takes a number"),
        (lambda b, m, s, e: b.node("CLIPTextEncode", text=3), "takes text"),
        (lambda b, m, s, e: b.node("PrimitiveBoolean", value=1), "true or false"),
        (lambda b, m, s, e: b.node("LoadImage", upload=m.out()), "takes no link"),
        (lambda b, m, s, e: b.node("VAEDecode", control_after_generate="fixed"), "no widget"),
        (lambda b, m, s, e: b.node("VAEDecode", id=4), "id 4 is used twice"),
        (lambda b, m, s, e: b.node("VAEDecode", id=20), "subgraphs included"),
        (lambda b, m, s, e: b.node("VAEDecode", id=0), "not positive"),
        (lambda b, m, s, e: s.place(nothing=1), "does not exist; there are unused"),
        (lambda b, m, s, e: s.place(unused=1), "takes a link and no value"),
        (lambda b, m, s, e: s.place(unused=m.out("VAE")), "takes MODEL"),
        (lambda b, m, s, e: s.place().out("image"), "no output 'image'; there are latent"),
        (lambda b, m, s, e: s.input("unused", "INT"), "two inputs called"),
        (lambda b, m, s, e: s.output("latent", e.out()), "two outputs called"),
        (lambda b, m, s, e: s.output("other", m.out()), "'other' was given an output of 'bad'"),
        (lambda b, m, s, e: b.subgraph("inside"), "two subgraphs"),
        (lambda b, m, s, e: b.note("x").out(), "no outputs"),
        (lambda b, m, s, e: b.note("x", id=90).set(text="y"), "MarkdownNote 90 has no inputs"),
        (lambda b, m, s, e: (b.node("VAEDecode", id=1, vae=m.out("VAE")), b.workflow()), "'samples' .LATENT. is not connected"),
        (lambda b, m, s, e: (b.group("empty"), b.workflow()), "at least one node"),
    ],
)  # fmt: skip
def test_mistakes_are_errors_when_building(build, said: str) -> None:
    with pytest.raises((BuildError, SchemaError, ValueError), match=said):
        build(*bad_builds())


def test_a_circle_is_refused() -> None:
    b = WorkflowBuilder("x")
    one = b.node("LatentUpscale", id=1)
    two = b.node("LatentUpscale", id=2, samples=one.out())
    b.connect(two.out(), one, "samples")
    with pytest.raises(BuildError, match="circle: 2 -> 1"):
        b.workflow()
