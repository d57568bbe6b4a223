"""Random edits: whatever succeeds keeps all invariants, whatever is refused leaves the graph as it was."""

from __future__ import annotations

import contextlib

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from audio_loop.workflow_graph import document, view
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.cycles import find_cycle
from audio_loop.workflow_graph.editing.graph import Graph, GraphError, Level, Node
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.node_format import IDLE
from audio_loop.workflow_graph.schemas import SchemaError

from ....prompt_ids import short

TYPES = [
    "VAEDecode",
    "VAEDecodeTiled",
    "VAEEncode",
    "EmptyLatentImage",
    "KSampler",
    "CLIPTextEncode",
    "ConditioningZeroOut",
    "ComfyMathExpression",
    "ImageScale",
    "ResizeImageMaskNode",
    "PrimitiveInt",
    "LatentUpscale",
    "ComfySwitchNode",
    "PreviewImage",
]

pick = st.integers(min_value=0, max_value=10_000)


def sample() -> dict:
    b = WorkflowBuilder("random-edits")
    model = b.node("CheckpointLoaderSimple", id=4, ckpt_name="a.safetensors")
    text = b.node("CLIPTextEncode", id=6, clip=model.out("CLIP"), text="song")
    inner = b.subgraph("inner")
    latent = inner.input("latent", "LATENT")
    scaled = inner.node("LatentUpscale", id=30, samples=latent, width=inner.input("width", "INT"))
    inner.output("latent", scaled.out())
    outer = b.subgraph("outer")
    empty = outer.node("EmptyLatentImage", id=20, width=outer.input("width", "INT"))
    nested = inner.place(outer, id=21, latent=empty.out())
    sampled = outer.node(
        "KSampler", id=22, model=outer.input("model", "MODEL"), positive=outer.input("positive", "CONDITIONING"),
        negative=outer.input("negative", "CONDITIONING"), latent_image=nested.out(), seed=outer.input("seed", "INT"),
    )  # fmt: skip
    outer.output("latent", sampled.out())
    first = outer.place(id=843, model=model.out("MODEL"), positive=text.out(), negative=text.out(), width=64)
    second = outer.place(id=844, model=model.out("MODEL"), positive=text.out(), negative=text.out(), seed=7)
    image = b.node("VAEDecode", id=8, samples=first.out(), vae=model.out("VAE"))
    b.node("PreviewImage", id=9, images=image.out())
    b.node("VAEDecode", id=10, samples=second.out(), vae=model.out("VAE"))
    return b.workflow()


class Edits(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.start = sample()
        self.kept = document.clone(self.start)
        self.graph = Graph(self.start)

    def level(self, index: int) -> Level:
        levels = self.graph.levels
        return levels[index % len(levels)]

    def nodes(self, level: int) -> tuple[Level, tuple[Node, ...]]:
        chosen = self.level(level)
        return chosen, chosen.nodes

    def attempt(self, edit) -> None:
        before = self.graph.to_document()
        try:
            edit()
        except (GraphError, SchemaError):
            assert self.graph.to_document() == before

    @rule(level=pick, kind=st.sampled_from(TYPES))
    def add(self, level: int, kind: str) -> None:
        self.attempt(lambda: self.graph.add(kind, level=self.level(level)))

    @rule(level=pick, node=pick, heal=st.booleans())
    def remove(self, level: int, node: int, heal: bool) -> None:
        _, nodes = self.nodes(level)
        if len(nodes) > 3:
            self.attempt(lambda: self.graph.remove(nodes[node % len(nodes)], heal=heal))

    @rule(level=pick, source=pick, entry=pick)
    def connect(self, level: int, source: int, entry: int) -> None:
        chosen, nodes = self.nodes(level)
        outputs = [*chosen.inputs, *(output for node in nodes for output in node.outputs)]
        inputs = [*chosen.outputs, *(entry for node in nodes for entry in node.inputs)]
        if outputs and inputs:
            output = outputs[source % len(outputs)]
            fitting = [i for i in inputs if i.type == output.type] or inputs
            self.attempt(lambda: self.graph.connect(output, fitting[entry % len(fitting)]))

    @rule(level=pick, entry=pick)
    def disconnect(self, level: int, entry: int) -> None:
        chosen, nodes = self.nodes(level)
        linked = [i for node in nodes for i in node.inputs if i.link] + [e for e in chosen.outputs if e.link]
        if linked:
            self.attempt(lambda: self.graph.disconnect(linked[entry % len(linked)]))

    @rule(level=pick, link=pick, node=pick)
    def splice(self, level: int, link: int, node: int) -> None:
        chosen, nodes = self.nodes(level)
        links = sorted(chosen.links)
        if links and nodes:
            self.attempt(lambda: self.graph.splice(links[link % len(links)], nodes[node % len(nodes)]))

    @rule(level=pick, node=pick, on=st.booleans())
    def bypass(self, level: int, node: int, on: bool) -> None:
        _, nodes = self.nodes(level)
        if nodes:
            self.attempt(lambda: self.graph.bypass(nodes[node % len(nodes)], on=on))

    @rule(level=pick, node=pick, kind=st.sampled_from(TYPES))
    def swap(self, level: int, node: int, kind: str) -> None:
        _, nodes = self.nodes(level)
        if nodes:
            self.attempt(lambda: self.graph.swap(nodes[node % len(nodes)], kind))

    @rule(level=pick, name=st.sampled_from("abc"))
    def add_boundary(self, level: int, name: str) -> None:
        self.attempt(lambda: self.graph.add_input(self.level(level), name, "LATENT"))

    @rule(level=pick, slot=pick)
    def remove_boundary(self, level: int, slot: int) -> None:
        chosen = self.level(level)
        if chosen.inputs:
            self.attempt(lambda: self.graph.remove_input(chosen, chosen.inputs[slot % len(chosen.inputs)].name))

    @rule(level=pick, node=pick, mode=st.sampled_from(["scale dimensions", "scale by multiplier", "match size"]))
    def choose(self, level: int, node: int, mode: str) -> None:
        _, nodes = self.nodes(level)
        choosable = [n for n in nodes if n.type == "ResizeImageMaskNode"]
        if choosable:
            choosable[node % len(choosable)].widgets["resize_type"] = mode

    @invariant()
    def sound(self) -> None:
        now = self.graph.to_document()
        assert check(now) == ()
        assert Graph(now).to_document() == now
        assert self.start == self.kept

    @invariant()
    def shown_values_match_the_boundary(self) -> None:
        for level in self.graph.levels:
            for instance in level.instances:
                shown = [slot.name for slot in instance.inputs if "widget" in slot.raw]
                assert shown == list(instance.widgets)
                assert len(instance.raw.get("widgets_values", [])) == len(shown)

    def teardown(self) -> None:
        now = self.graph.to_document()
        assert document.loads(document.dumps(now)) == now
        # Edits may lay wires in a circle. If it runs through bypassed nodes alone, nothing feeds what is behind it.
        with contextlib.suppress(document.DocumentError) if find_cycle(view.read(now)) else contextlib.nullcontext():
            sent = to_api(now)
            self.flat_form_sends_the_same(now, sent)

    def flat_form_sends_the_same(self, now: dict, sent: dict) -> None:
        flat = unfold(now)
        idle = [level for level in self.graph.levels for instance in level.instances if instance.mode in IDLE]
        # What was bypassed as a whole may have fed itself; written out, its muted nodes do.
        assert [broken for broken in check(flat.document) if broken.code != "cycle" or not idle] == []
        expected = short(sent, flat.ids)
        if idle:
            # The frontend sends the nodes of a bypassed instance that lies in another one, though nothing needs them.
            expected = {identity: node for identity, node in expected.items() if identity in to_api(flat.document)}
        assert to_api(flat.document) == expected


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=20, stateful_step_count=50, deadline=None)
