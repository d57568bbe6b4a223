"""The loop of the classic graph."""

from __future__ import annotations

from dataclasses import dataclass

from ..building.builder import BuiltNode, Wire, WorkflowBuilder
from . import classic_extension
from .classic_broadcasts import Broadcasts
from .classic_options import Options


@dataclass(frozen=True)
class Ground:
    """The outputs that the loop is wired to.

    Attributes:
        b: The workflow.
        o: What it is like.
        names: Values by name.
        audio: The trimmed song.
        clip: The text encoder.
        encoded_list: All prompts, encoded; None if the loop encodes them.
        overlap: BuiltNode with the overlap in seconds.
        planner: AudioLoopPlanner.
    """

    b: WorkflowBuilder
    o: Options
    names: Broadcasts
    audio: Wire
    clip: Wire
    encoded_list: Wire | None
    overlap: BuiltNode
    planner: BuiltNode


def add(g: Ground, initial: Wire) -> Wire:
    """The latents of all iterations, joined."""
    b, o = g.b, g.o
    opened = b.node(
        "TensorLoopOpen",
        id=1539,
        inputs={
            "mode": "iterations",
            "mode.iterations": 50,
            "initial_value": initial,
            "iterations_in": g.planner.out("total_iterations") if o.iterations_wired else None,
        },
    )
    iteration = opened.out("current_iteration")
    controller = b.node(
        "AudioLoopController",
        id=1582,
        current_iteration=iteration,
        window_seconds=g.names.get("window_size_seconds"),
        overlap_seconds=g.overlap.out() if o.controller_overlap is None else o.controller_overlap,
        audio=g.audio,
        base_seed=g.names.get("start_seed"),
        fps=o.fps,
    )
    extension = classic_extension.define(b, o).place(
        id=843,
        inputs={
            "sampler": g.names.get("sampler"),
            "sigmas": g.names.get("sigmas"),
            "model": g.names.get("model"),
            "vae": g.names.get("video_vae"),
            "previous_latent": opened.out("previous_value"),
            "video_end_time": g.names.get("window_size_seconds"),
            "positive": _prompt(g, iteration, controller),
            "negative": g.names.get("base_cond_neg"),
            **_picture(g),
            **_audio(g),
            "start_index": controller.out("start_index"),
            "strength": g.names.get("first_frame_guide_strength", 1273),
            "noise_seed": controller.out("iteration_seed"),
            "num_frames": controller.out("overlap_latent_frames"),
            "reference_latent": initial,
            "video_start_time": controller.out("overlap_seconds"),
        },
    )
    return b.node(
        "TensorLoopClose",
        id=1540,
        flow_control=opened.out("flow_control"),
        processed=extension.out("extended_latent"),
        accumulate=True,
        overlap="disabled",
        stop=controller.out("should_stop"),
    ).out()


def _prompt(g: Ground, iteration: Wire, controller: BuiltNode) -> Wire:
    b, o = g.b, g.o
    if g.encoded_list is not None:
        return b.node(
            "ConditioningSelectByIteration", id=1616, conditioning_list=g.encoded_list, current_iteration=iteration
        ).out()
    schedule = b.node(
        "TimestampPromptSchedule",
        id=1558,
        current_iteration=iteration,
        stride_seconds=controller.out("stride_seconds"),
        schedule=o.schedule,
        blend_seconds=o.blend_seconds,
        snap_boundaries=True,
    )
    now = b.node("CachedTextEncode_AudioLoop", id=1559, clip=g.clip, text=schedule.out("prompt"))
    later = b.node("CachedTextEncode_AudioLoop", id=1607, clip=g.clip, text=schedule.out("next_prompt"))
    return b.node(
        "ConditioningBlend",
        id=1608,
        conditioning_a=now.out(),
        conditioning_b=later.out(),
        blend_factor=schedule.out("blend_factor"),
    ).out()


def _picture(g: Ground) -> dict[str, Wire]:
    picture = g.names.get("input_image")
    if g.o.encode_in_loop:
        return {"image": picture}
    encoded = g.b.node("VAEEncode", id=1617, pixels=picture, vae=g.names.get("video_vae"))
    return {"guide_latent": encoded.out()}


def _audio(g: Ground) -> dict[str, Wire]:
    if g.o.audio_in_loop:
        return {"audio_vae": g.names.get("audio_vae"), "audio": g.names.get("actual_audio")}
    # Without the silence behind it the song ends before the last window does, and the loop would fail there.
    padded = g.b.node("AudioPadToPlan", id=2018, audio=g.names.get("actual_audio"), plan=g.planner.out("plan"))
    whole = g.b.node("LTXVAudioVAEEncode", id=2009, audio=padded.out(), audio_vae=g.names.get("audio_vae"))
    return {"full_audio_latent": whole.out()}
