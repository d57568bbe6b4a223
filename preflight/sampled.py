"""The sampling of a graph: each sampler with its windows, size, steps and guidance, read from the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..cost.recipe import HALF, Recipe, Sampling, WindowPart
from ..cost.stage import Guidance, Stage
from ..loop_control.audio_facts import AudioFacts
from ..loop_control.noise_levels import ROWS
from ..loop_control.plan import LoopPlan
from ..loop_control.units import SPATIAL_STEP_PX
from ..workflow_graph.node_kinds import CONDITIONINGS, CONTROLLER, GUIDES, LOOP_OPENS, PLANNER, SAMPLERS
from ..workflow_graph.reading.flow import Flow, FlowNode
from .planning import planned_by, planner_of

_STAGES, _DRAFT, _FINISHED = "AudioLoopStages", "draft", "finished"
_EMPTY = frozenset({"LoopCanvas", "EmptyLTXVLatentVideo"})
_ENLARGER, _WINDOW_OF_CANVAS = "LoopDraftEnlarge", "LoopWindowOfCanvas"
_LATENT = ("LATENT",)
_WRITTEN_SIGMAS, _CHOSEN_SIGMAS = "ManualSigmas", "AudioLoopSigmas"
_TWO_CALLS_A_STEP = re.compile(r"heun|dpm_2|2s|dpmpp_sde|midpoint|ralston")
_GUIDERS = {"CFGGuider": ("cfg",), "LTXVDualCFGGuider": ("video_cfg", "audio_cfg"), "BasicGuider": ()}
"""Guiders -> inputs by which they ask the model once more if one is above 1."""
_NAG, _STG = frozenset({"LTXNormalizedAttentionGuidance", "LTX2_NAG"}), "LTXVSpatioTemporalGuidance"
_MODALITY = "LTXVModalityGuidance"


@dataclass(frozen=True)
class Sampled:
    """The sampling of a graph, or why it is not known.

    Attributes:
        recipe: All of it; None if it is not known.
        unknown: Why, in words; "" if it is known.
    """

    recipe: Recipe | None
    unknown: str = ""


class _UnknownError(Exception):
    """A number that the graph does not say."""


def sampled(flow: Flow, song: AudioFacts | None, plan: LoopPlan | None, there: frozenset[int]) -> Sampled:
    """Reads what is going to be sampled.

    Args:
        flow: The graph as it runs.
        song: The song's file; None if it is not known.
        plan: The plan of the first planner, if it is known already.
        there: Windows of that plan that are on disk.
    """
    try:
        samplings = [_sampling(flow, node, song, plan, there) for node in _samplers(flow)]
    except _UnknownError as error:
        return Sampled(None, str(error))
    if not samplings:
        return Sampled(None, "no node samples")
    return Sampled(Recipe(tuple(sorted(samplings, key=lambda each: each.is_enlarged))))


def _samplers(flow: Flow) -> Iterator[FlowNode]:
    """The nodes that sample; a second stage's only if it is chosen."""
    switches = flow.of_type(_STAGES)
    if _DRAFT not in {flow.value(each, "stage") for each in switches}:
        return iter(flow.of_type(SAMPLERS))
    draft, finished = ({node.id for each in switches for node in flow.upstream(each, name)} for name in (_DRAFT, _FINISHED))
    return (node for node in flow.of_type(SAMPLERS) if node.id in draft or node.id not in finished)


def _sampling(flow: Flow, node: FlowNode, song: AudioFacts | None, given: LoopPlan | None, there: frozenset[int]) -> Sampling:
    before = flow.upstream(node, "latent_image")
    window = next((each for each in before if each.type == _WINDOW_OF_CANVAS), None)
    planner = _planner(flow, before) if window is None else flow.feeding(window, "plan")
    is_first = planner is not None and planner == planner_of(flow)
    plan = given if is_first and given is not None else planned_by(flow, planner, song).plan if planner is not None else None
    if plan is None:
        raise _UnknownError(f"the windows that {node} samples are not known")
    width, height, is_enlarged = _size(flow, node, "latent_image")
    guides = flow.upstream(node, "latent_image", kinds=_LATENT, without=SAMPLERS | LOOP_OPENS)
    guide_latents = sum(int(flow.number(each, "num_guides") or 1) for each in guides if each.type in GUIDES)
    stage = Stage(width, height, _steps(flow, node), guide_latents, _guidance(flow, node))
    alone = WindowPart.LATER if any(each.type in LOOP_OPENS for each in before) else WindowPart.FIRST
    return Sampling(stage, plan, alone if window is None else WindowPart.ALL, is_enlarged, there if is_first else frozenset())


def _planner(flow: Flow, before: list[FlowNode]) -> FlowNode | None:
    """The nearest node that plans; a controller that is wired to a planner only follows it."""
    nearest = next((each for each in before if each.type == PLANNER), None)
    return nearest or next((each for each in before if each.type == CONTROLLER), None) or planner_of(flow)


def _size(flow: Flow, node: FlowNode, name: str) -> tuple[int, int, bool]:
    """Width and height in pixels of the latent that an input reads, and whether an upscaler makes it."""
    for each in flow.upstream(node, name):
        if each.type == _ENLARGER:
            width, height, _ = _size(flow, each, "draft")
            return width * HALF, height * HALF, True
        if each.type in _EMPTY:
            sides = flow.number(each, "width"), flow.number(each, "height")
            if all(isinstance(side, int) and side >= SPATIAL_STEP_PX for side in sides):
                return int(sides[0] or 0), int(sides[1] or 0), False
            raise _UnknownError(f"width and height of {each} come from nodes that have to run first")
    raise _UnknownError(f"the size of what {node} samples is not known")


def _steps(flow: Flow, node: FlowNode) -> int:
    """Calls that a sampler makes one after another."""
    sigmas = flow.feeding(node, "sigmas")
    steps = flow.number(node if sigmas is None else sigmas, "steps")
    if sigmas is not None and sigmas.type == _WRITTEN_SIGMAS:
        steps = len(re.findall(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", str(flow.value(sigmas, "sigmas")))) - 1
    if sigmas is not None and sigmas.type == _CHOSEN_SIGMAS:
        steps = len(ROWS.get(str(flow.value(sigmas, "steps")), ())) - 1
    if not isinstance(steps, int) or steps < 1:
        raise _UnknownError(f"the steps of {node} come from nodes that have to run first")
    chosen = flow.feeding(node, "sampler")
    name = flow.value(node if chosen is None else chosen, "sampler_name")
    return steps * 2 if isinstance(name, str) and _TWO_CALLS_A_STEP.search(name) else steps


def _guidance(flow: Flow, node: FlowNode) -> Guidance:
    """The calls that a guider and the patches of its model ask beyond one a step."""
    guider = flow.feeding(node, "guider") or node
    names = _GUIDERS.get(guider.type, ("cfg",))
    scales = [flow.number(guider, name) for name in names]
    patches = flow.upstream(guider, "model", kinds=("MODEL",))
    normalized = any(flow.number(each, "nag_scale") != 0 for each in patches if each.type in _NAG)
    blocks = [_perturbed(flow, each) for each in patches if each.type == _STG]
    return Guidance(
        negative_passes=int(any(scale is not None and scale > 1 for scale in scales)),
        perturbed_blocks=max(blocks, default=0),
        separated_passes=sum(flow.number(each, "modality_scale") != 1 for each in patches if each.type == _MODALITY),
        is_normalized=normalized,
        prompts=sum(name in guider.inputs for name in CONDITIONINGS),
    )


def _perturbed(flow: Flow, node: FlowNode) -> int:
    blocks = set(re.findall(r"\d+", str(flow.value(node, "blocks"))))
    return len(blocks) if flow.number(node, "scale") != 0 else 0
