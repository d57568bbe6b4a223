"""The second stage: the draft, enlarged, is sampled at full size in short windows of its own plan.

Every second window comes first, from the enlarged draft alone; then those between, which see both finished neighbours. Where
nothing is finished yet the canvas shows the enlarged draft, so that the video is whole whenever the loop is stopped.
"""

from __future__ import annotations

from ..building.builder import BuiltNode, Look, Wire, WorkflowBuilder
from . import canvas_loop, models, picture
from .base import Base

WINDOW_SECONDS, OVERLAP_SECONDS = 8.0, 1.0
"""Least computing by count: attention grows with the square of a window, and nothing waits for a long context here."""


def add(b: WorkflowBuilder, base: Base, draft: Wire) -> Wire:
    """The latents of the finished video, from those of the draft."""
    planner = _planner(b, base)
    plan = planner.out("plan")
    guide = _picture(b, base)
    upscaler = b.node(
        "LatentUpscaleModelLoader",
        id=2501,
        title="Spatial upscaler",
        role="upscaler",
        models=[models.FILES[models.SPATIAL_UPSCALER]],
        model_name=models.SPATIAL_UPSCALER,
    )
    enlarged = b.node(
        "LoopDraftEnlarge",
        id=2512,
        role="enlarge",
        draft=draft,
        upscale_model=upscaler.out(),
        vae=base.video_vae,
        plan=plan,
    )
    sigmas = b.node(
        "ManualSigmas", id=2511, title="Sigmas (3 refining steps)", role="finish_sigmas", sigmas=models.REFINING_SIGMAS
    )
    return canvas_loop.add(
        b,
        base,
        canvas_loop.Canvas(enlarged.out("canvas"), planner.out("windows_to_make"), plan, guide, base.song.plan),
        sigmas.out(),
        one_window="Finish one window",
        keep="Keep each finished window",
        prompt="Prompt of the draft's window",
    )


def _planner(b: WorkflowBuilder, base: Base) -> BuiltNode:
    """Plans the second stage: the same song, its own windows."""
    window = b.node(
        "PrimitiveFloat", id=2502, title="Window of the finish (seconds)", role="finish_window_seconds", value=WINDOW_SECONDS
    )
    overlap = b.node(
        "PrimitiveFloat", id=2503, title="Overlap of the finish (seconds)", role="finish_overlap", value=OVERLAP_SECONDS
    )
    planner = b.node(
        "AudioLoopPlanner",
        id=2505,
        title="Plan of the finish",
        role="finish_planner",
        audio=base.song.audio,
        window_seconds=window.out(),
        overlap_seconds=overlap.out(),
        fps=base.song.fps.out(),
        max_iterations=0,
        schedule="",
        last_window="fit",
        base_seed=base.song.seed.out(),
        order="anchors first",
    )
    b.node(
        "PreviewAny",
        id=2506,
        title="The plan of the finish",
        role="finish_plan_text",
        look=Look(size=(520.0, 420.0)),
        source=planner.out("summary"),
    )
    return planner


def _picture(b: WorkflowBuilder, base: Base) -> Wire:
    """The user's picture at full size, prepared as that of the draft, encoded."""
    assert base.original is not None
    at_full_size = picture.sized(b, base.original, base.full_size, "Resize and crop (full size)", 2508, "full_resize")
    prepared = picture.prepare(b, at_full_size, "Prepare (for the finish)", 2509, "full_preprocess")
    return b.node(
        "VAEEncode", id=2510, title="Encode the picture (full size)", role="full_encode", pixels=prepared, vae=base.video_vae
    ).out()
