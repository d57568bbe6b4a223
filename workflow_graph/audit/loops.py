"""The parts of a loop workflow: found by what nodes are and what they feed, never by id."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ...loop_control.geometry import WindowGeometry
from ..node_kinds import (
    CONTROLLER,
    CROPS_LATENT,
    DRAFT_ENLARGE,
    GUIDES,
    LOOP_CLOSES,
    LOOP_OPENS,
    PICTURES,
    PLANNER,
    PREPROCESS,
    SAMPLERS,
)
from ..reading.flow import Flow, FlowNode, Source
from ..reading.values import geometry, is_ltx25_file


@dataclass(frozen=True)
class Loop:
    """One loop.

    Attributes:
        open: Its beginning.
        close: Its end; None if it has none.
        body: The nodes that run in every iteration, by id; neither end is among them.
    """

    open: FlowNode
    close: FlowNode | None
    body: dict[str, FlowNode]


@dataclass(frozen=True)
class ModelFile:
    """A file that a model is made from.

    Attributes:
        node: The node that loads it.
        name: Its name, in lower case.
        is_lora: Whether it changes a model that is loaded from another file.
    """

    node: FlowNode
    name: str
    is_lora: bool


class Parts:
    """The parts of a graph.

    Args:
        flow: The graph as it runs.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """Every loop by its open node, with its close node and its body if something closes it."""
        flow = self.flow
        closes: dict[str, FlowNode] = {}
        for closing in flow.of_type(LOOP_CLOSES):
            source = closing.inputs.get("flow_control")
            if isinstance(source, Source):
                closes.setdefault(source.node, closing)
        found = []
        for opened in flow.of_type(LOOP_OPENS):
            close = closes.get(opened.id)
            body: dict[str, FlowNode] = {}
            if close is not None:
                driven = {node.id for node in flow.downstream(opened)}
                body = {n.id: n for n in flow.upstream(close) if n.id in driven and n.type not in LOOP_OPENS}
            found.append(Loop(opened, close, body))
        return tuple(found)

    @cached_property
    def in_loop(self) -> frozenset[str]:
        """Ids of all nodes that run in every iteration of some loop."""
        return frozenset(identity for loop in self.loops for identity in loop.body)

    @cached_property
    def samplers(self) -> tuple[FlowNode, ...]:
        """Every node that samples, inside loops and outside."""
        return tuple(self.flow.of_type(SAMPLERS))

    @cached_property
    def before_samplers(self) -> frozenset[str]:
        """Ids of all nodes that a sampler depends on."""
        return self.flow.before(SAMPLERS)

    @cached_property
    def initial_samplers(self) -> tuple[FlowNode, ...]:
        """Samplers outside loops that a loop depends on, and all if there is no loop."""
        if not self.loops:
            return self.samplers
        before = {node.id for loop in self.loops for node in self.flow.upstream(loop.open)}
        return tuple(node for node in self.samplers if node.id in before - self.in_loop)

    @cached_property
    def loop_samplers(self) -> tuple[FlowNode, ...]:
        """Samplers that run in every iteration."""
        return tuple(node for node in self.samplers if node.id in self.in_loop)

    def guider(self, sampler: FlowNode) -> FlowNode:
        """The node that holds a sampler's conditioning: its guider, or the sampler itself."""
        return self.flow.feeding(sampler, "guider") or sampler

    @cached_property
    def controllers(self) -> tuple[FlowNode, ...]:
        """Nodes that say window and overlap."""
        return tuple(self.flow.of_type(CONTROLLER, PLANNER))

    def appended_guides(self, sampler: FlowNode) -> list[FlowNode]:
        """Guides that are appended to the latent that a sampler gets."""
        without = CROPS_LATENT | SAMPLERS | LOOP_OPENS
        name = "latent_image"
        return [n for n in self.flow.upstream(sampler, name, kinds=("LATENT",), without=without) if n.type in GUIDES]

    def bare_picture(self, node: FlowNode, name: str) -> FlowNode | None:
        """The loaded picture that reaches an input without LTXVPreprocess, if one does."""
        without = {PREPROCESS} | SAMPLERS | LOOP_OPENS
        found = self.flow.upstream(node, name, kinds=("IMAGE", "LATENT"), without=without)
        return next((origin for origin in found if origin.type in PICTURES), None)

    def compressions(self, node: FlowNode, name: str) -> set[int | float]:
        """Values of img_compression that the picture behind an input goes through."""
        without = SAMPLERS | LOOP_OPENS
        found = self.flow.upstream(node, name, kinds=("IMAGE", "LATENT"), without=without)
        values = (self.flow.number(origin, "img_compression") for origin in found if origin.type == PREPROCESS)
        return {value for value in values if value is not None}

    @cached_property
    def geometry(self) -> WindowGeometry | None:
        """Window and stride if the graph says them in numbers."""
        return geometry(self.controllers, self.flow.number)

    @cached_property
    def fps(self) -> float | None:
        """Frames per second of the loop, or of the first node that says any."""
        if self.geometry is not None:
            return float(self.geometry.fps)
        for node in self.flow.nodes.values():
            for name in ("fps", "frame_rate", "video_fps"):
                number = self.flow.number(node, name)
                if number:
                    return float(number)
        return None

    @cached_property
    def is_distilled(self) -> bool:
        """Whether the model that samples is the distilled one, by the names of the files that it is made from."""
        return any("distil" in file.name for sampler in self.samplers for file in self.model_files(sampler))

    def model_files(self, sampler: FlowNode) -> tuple[ModelFile, ...]:
        """The files that the model of a sampler is made from, the last LoRA first; LoRAs of strength 0 are left out."""
        return tuple(
            ModelFile(node, value.lower(), name.startswith("lora"))
            for node in self.flow.upstream(self.guider(sampler), "model", kinds=("MODEL",))
            for name, value in node.inputs.items()
            if isinstance(value, str) and name.endswith("_name") and self.flow.number(node, "strength_model") != 0
        )

    def is_ltx25(self, sampler: FlowNode) -> bool:
        """Whether a sampler's model is LTX 2.5, by the name of its file."""
        return any(is_ltx25_file(file.name) for file in self.model_files(sampler) if not file.is_lora)

    @cached_property
    def is_two_stage(self) -> bool:
        """Whether a first stage at half resolution is sampled and upscaled."""
        return any(_enlarges(node.type) for node in self.flow.nodes.values())


def _enlarges(node_type: str) -> bool:
    return node_type == DRAFT_ENLARGE or "latentupsampler" in node_type.lower().replace("_", "")
