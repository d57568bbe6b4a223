"""One iteration, as a subgraph: context, window, guide, sampling, and what is new in the result.

Variants replace the guides or what is taken from the result; everything else is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..building.builder import BuiltNode, SubgraphBuilder, Wire, WorkflowBuilder
from .family import Guider, cfg_guider


@dataclass(frozen=True)
class Inside:
    """The subgraph and its inputs, as seen from inside."""

    graph: SubgraphBuilder
    previous: Wire
    positive: Wire
    negative: Wire
    audio: Wire
    plan: Wire
    iteration: Wire
    overlap: Wire
    noise_seed: Wire
    model: Wire
    sampler: Wire
    sigmas: Wire
    guide: Wire | None
    strength: Wire | None


Guides = Callable[[Inside, BuiltNode], BuiltNode]
"""Appends guides to the window (a LoopWindowLatent); the last node gives conditioning and latent."""

Finish = Callable[[Inside, Wire], Wire]
"""Takes from the sampled window, guides off, what the iteration gives."""


def guide_before(inside: Inside, window: BuiltNode) -> BuiltNode:
    """The picture, one latent before the window's first frame."""
    return inside.graph.node(
        "LatentGuide",
        id=1519,
        title="Picture as a guide, one latent before the window",
        role="loop_guide",
        positive=inside.positive,
        negative=inside.negative,
        latent=window.out("video_latent"),
        guide_latent=inside.guide,
        frame_offset=-8,
        strength=inside.strength,
    )


def only_new(inside: Inside, cropped: Wire) -> Wire:
    """The window without what it shares with the one before."""
    return inside.graph.node(
        "LatentOverlapTrim", id=2005, role="loop_trim", latent=cropped, overlap_latent_frames=inside.overlap
    ).out()


def tail(inside: Inside) -> Wire:
    """The end of what was made, as long as the overlap."""
    return inside.graph.node(
        "LatentContextExtract",
        id=2004,
        role="context",
        latent=inside.previous,
        overlap_latent_frames=inside.overlap,
    ).out()


def define(
    b: WorkflowBuilder,
    *,
    context: Callable[[Inside], Wire] = tail,
    guides: Guides | None = guide_before,
    finish: Finish = only_new,
    guider: Guider = cfg_guider,
) -> SubgraphBuilder:
    """The subgraph.

    Args:
        b: The workflow.
        context: Gives the latents that the window begins with and that stay as they are.
        guides: Appends the guides; None if windows have none.
        finish: Takes what the iteration gives.
        guider: Of the sampling run.
    """
    inside = _inputs(b.subgraph("Extension"), guided=guides is not None)
    s = inside.graph
    begun = context(inside)
    window = s.node(
        "LoopWindowLatent",
        id=606,
        role="loop_window",
        context=begun,
        audio_latent=inside.audio,
        current_iteration=inside.iteration,
        plan=inside.plan,
    )
    if guides is None:
        parts = _sampled(inside, window.out("video_latent"), window, inside.positive, inside.negative, guider)
        s.output("latent", finish(inside, parts.out("video_latent")))
        return s
    guided = guides(inside, window)
    parts = _sampled(inside, guided.out("latent"), window, guided.out("positive"), guided.out("negative"), guider)
    cropped = s.node(
        "LTXVCropGuides",
        id=655,
        title="Take the guide off",
        role="loop_crop",
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        latent=parts.out("video_latent"),
    )
    s.output("latent", finish(inside, cropped.out("latent")))
    return s


def _inputs(s: SubgraphBuilder, *, guided: bool) -> Inside:
    return Inside(
        graph=s,
        previous=s.input("previous_latent", "LATENT"),
        positive=s.input("positive", "CONDITIONING"),
        negative=s.input("negative", "CONDITIONING"),
        audio=s.input("audio_latent", "LATENT"),
        plan=s.input("plan", "AUDIO_LOOP_PLAN"),
        iteration=s.input("current_iteration", "INT"),
        overlap=s.input("overlap_latent_frames", "INT"),
        noise_seed=s.input("iteration_seed", "INT"),
        model=s.input("model", "MODEL"),
        sampler=s.input("sampler", "SAMPLER"),
        sigmas=s.input("sigmas", "SIGMAS"),
        guide=s.input("guide_latent", "LATENT") if guided else None,
        strength=s.input("strength", "FLOAT") if guided else None,
    )


def _sampled(inside: Inside, video: Wire, window: BuiltNode, positive: Wire, negative: Wire, make_guider: Guider) -> BuiltNode:
    s = inside.graph
    joint = s.node(
        "LTXVConcatAVLatent",
        id=583,
        title="Picture and song together",
        video_latent=video,
        audio_latent=window.out("audio_latent"),
    )
    title = "Guider (positions kept until sampled)" if inside.guide is not None else None
    guider = make_guider(s, 644, "loop_guider", title, inside.model, positive, negative)
    noise = s.node("RandomNoise", id=574, role="loop_noise", noise_seed=inside.noise_seed)
    sampled = s.node(
        "SamplerCustomAdvanced",
        id=573,
        title="Sample the window",
        role="loop_render",
        noise=noise.out(),
        guider=guider.out(),
        sampler=inside.sampler,
        sigmas=inside.sigmas,
        latent_image=joint.out(),
    )
    return s.node("LTXVSeparateAVLatent", id=596, title="Video part", av_latent=sampled.out("output"))
