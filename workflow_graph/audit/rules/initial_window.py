"""The initial render is as long as the window that the loop counts with."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....loop_control.units import latents_from_pixels
from ...node_kinds import SONG_LOADERS
from ..rule import ERR, Finding, rule
from ..subject import Subject

_TOLERANCE = Fraction(1, 20)
"""Seconds; less than one and a half frames."""


@rule(
    severity=ERR,
    summary="video and audio of the initial render have the length of one window",
    seen="lips that are off by the same time from the second window on",
    why="window k takes its audio from k strides on, counted from a first window of full length",
    mend="wire window_frames of AudioLoopPlanner to the length, and window_seconds to the duration of the audio",
)
def initial_window(subject: Subject) -> Iterator[Finding]:
    """Compares numbers written in the graph with the window of the controller or planner."""
    flow, parts = subject.flow, subject.parts
    geometry = parts.geometry
    if geometry is None or not parts.loops:
        return
    for sampler in parts.initial_samplers:
        for node in flow.upstream(sampler, "latent_image", kinds=("LATENT", "AUDIO")):
            if node.type == "EmptyLTXVLatentVideo":
                value = flow.number(node, "length")
                if isinstance(value, int) and value > 0 and latents_from_pixels(value) != geometry.window_latents:
                    yield Finding(node, f"length is {value} frames, the window has {geometry.window_px}")
            if node.type == "TrimAudioDuration" and getattr(flow.feeding(node, "audio"), "type", "") not in SONG_LOADERS:
                seconds = flow.number(node, "duration")
                if seconds is not None and abs(Fraction(seconds) - geometry.window) > _TOLERANCE:
                    yield Finding(node, f"duration is {seconds:g} s, the window has {float(geometry.window):.2f} s")
