"""`LoopPlan`: one frozen value that says where every window of a song lies. Nodes, scripts and reports read it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, get_args

from .audio_facts import ENCODE_HZ, SHORTEST_AUDIO, check_length, resampled_length, whole_blocks
from .errors import PlanError
from .geometry import WindowGeometry, make_geometry
from .model_facts import LTX_23, ModelFacts, check_lead_in
from .planned_window import PlannedWindow
from .rates import read_number, told_apart
from .seeds import SeedOverride, check_seed, window_seed
from .units import (
    audio_latents_for_clip,
    first_pixel_of_latent,
    latents_from_pixels,
    round_half_up,
    smallest_clip_px,
)
from .window_order import IN_TURN, Order, added_range, check_order, checked_only, make_sequence, neighbours_before

__all__ = ["LastWindow", "LoopPlan", "Order", "PlanError", "PlannedWindow", "make_plan"]

LastWindow = Literal["full", "fit"]

JSON_VERSION = 1


@dataclass(frozen=True)
class LoopPlan(WindowGeometry):
    """Where every window of one song lies. Made by `make_plan`, which checks the values.

    Attributes:
        sample_rate: The song's samples per second.
        audio_samples: The song's length in samples.
        base_seed: Seed of the initial render; window `k` uses `base_seed + k`.
        iterations: Windows that the loop makes after the initial render, one in each iteration; 0 is a real answer.
        last_window: `"full"`, or `"fit"` to shorten the last window to what the song still needs.
        max_iterations: The limit that was asked for; 0 is none.
        requested_window: Target window in seconds, before it met the grid.
        requested_overlap: Target overlap in seconds, before it met the grid.
        seed_overrides: Seeds of single windows that differ from the count.
        order: The order in which windows are made: `"in turn"`, each from the one before, or `"anchors first"`, the even ones
            by themselves and then the odd ones between two finished neighbours. See `window_order`.
        only: Windows that are wanted now, in order; empty for all. It says nothing of where they lie.
        model: The facts of the model that the windows follow.
    """

    sample_rate: int
    audio_samples: int
    base_seed: int
    iterations: int
    last_window: LastWindow
    max_iterations: int
    requested_window: Fraction
    requested_overlap: Fraction
    seed_overrides: tuple[SeedOverride, ...] = ()
    order: Order = IN_TURN
    only: tuple[int, ...] = ()
    model: ModelFacts = LTX_23

    @property
    def duration(self) -> Fraction:
        """Length of the song in seconds."""
        return Fraction(self.audio_samples, self.sample_rate)

    @property
    def needed_iterations(self) -> int:
        """Iterations that the whole song needs, whatever `max_iterations` says."""
        return needed_iterations(self.song_frames, self.window_px, self.stride_px)

    @property
    def song_frames(self) -> int:
        """Pixel frames that lie whole within the song, `floor(duration * fps)`: the length of the finished video."""
        return song_frames(self.duration, self.fps)

    @property
    def last_window_px(self) -> int:
        """Pixel frames of the last window: `window_px`, or fewer if it was fitted to the song."""
        if self.last_window == "full" or self.iterations < self.needed_iterations:
            return self.window_px
        still_needed = math.ceil(self.duration * self.fps) - self.iterations * self.stride_px
        return min(self.window_px, smallest_clip_px(still_needed))

    @property
    def frames_made(self) -> int:
        """Pixel frames that all windows together decode to."""
        return self.iterations * self.stride_px + self.last_window_px

    @property
    def frames_delivered(self) -> int:
        """Pixel frames of the finished video: `floor(duration * fps)`, or all that is made if the loop is capped."""
        return min(self.frames_made, self.song_frames)

    @property
    def made(self) -> Fraction:
        """Seconds of video that all windows together decode to."""
        return self.frames_made / self.fps

    @cached_property
    def windows(self) -> tuple[PlannedWindow, ...]:
        """Every window, in order: of the initial render and of each iteration."""
        return tuple(self.nth_window(index) for index in range(self.iterations + 1))

    @cached_property
    def sequence(self) -> tuple[int, ...]:
        """The windows that are wanted and those they are made from, in the order in which they are made."""
        return make_sequence(self.order, self.iterations, self.only)

    def nth_window(self, index: int) -> PlannedWindow:
        """Window `index`, 0 for the initial render.

        In turn, one window past the last may be asked for: a loop whose end is tested behind its body makes it.

        Raises:
            PlanError: `index` is negative or beyond that.
        """
        if not 0 <= index <= self.iterations + (self.order == IN_TURN):
            raise PlanError(f"there is no window {index}; this plan has 0 (initial render) to {self.iterations}")
        window_px = self.last_window_px if index == self.iterations else self.window_px
        start_px = index * self.stride_px
        stop_px = start_px + window_px
        window_latents = latents_from_pixels(window_px)
        stop = index * self.new_latents + window_latents
        added = added_range(self.order, self, index, stop, self.iterations)
        has_before = bool(neighbours_before(self.order, index, self.iterations))
        audio_start = round_half_up(start_px / self.fps * self.model.audio_latents_per_second)
        return PlannedWindow(
            index=index,
            window_start_px=start_px,
            window_px=window_px,
            window_latents=window_latents,
            new_start_px=first_pixel_of_latent(added[0]),
            new_stop_px=first_pixel_of_latent(added[1]),
            audio_samples=(self._sample_at(start_px), self._sample_at(stop_px)),
            audio_latents=(audio_start, audio_start + self.audio_latents_beside(window_px)),
            seed=self.seed(index),
            context_before_latents=self.overlap_latents if has_before else 0,
            context_after_latents=stop - added[1],
            lead_in_latents=self.model.lead_in_latents if has_before else 0,
        )

    def audio_latents_beside(self, px: int) -> int:
        """Audio latents beside a clip of `px` pixel frames."""
        return audio_latents_for_clip(px, self.fps, self.model.audio_latents_per_second)

    @property
    def anchor_overlap_px(self) -> int:
        """Pixel frames behind its start from which an even window from 2 on is seen; a window of odd number `overlap_px`."""
        return self.overlap_px if self.order == IN_TURN else first_pixel_of_latent(1)

    @property
    def padded_samples(self) -> int:
        """Samples, at the song's rate, that reach the end of the last window; never fewer than the song has."""
        return max(self.audio_samples, math.ceil(self.made * self.sample_rate))

    @property
    def encode_samples(self) -> int:
        """Samples at `ENCODE_HZ` to pad the resampled song to before the audio VAE: whole blocks, so nothing is cut."""
        return whole_blocks(resampled_length(self.padded_samples, self.sample_rate, ENCODE_HZ))

    def start(self, index: int) -> Fraction:
        """Second at which window `index` starts."""
        return index * self.stride

    def start_index(self, index: int) -> Fraction:
        """Second from which window `index` takes its audio: its start, but never within 0.5 s of the end, nor below 0."""
        return max(Fraction(0), min(self.start(index), self.duration - SHORTEST_AUDIO))

    def visible_from(self, index: int) -> Fraction:
        """Second of the video at which the new frames of window `index` begin."""
        return self.nth_window(index).new_start_px / self.fps

    def should_stop(self, index: int) -> bool:
        """True if nothing is left to make after window `index`: the song is covered, or the limit is reached."""
        if self.order != IN_TURN or self.only:
            return index not in self.sequence[:-1]
        covered = self.window_px + index * self.stride_px >= self.song_frames
        return covered or 0 < self.max_iterations <= index

    def seed(self, index: int) -> int:
        """Seed of window `index`: base seed plus index, modulo 2**64, unless it has an override."""
        overrides = {override.window: override for override in self.seed_overrides}
        return window_seed(self.base_seed, index, overrides)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values: what it was made from, and what came out, for people and other programs."""
        return {
            "version": JSON_VERSION,
            "inputs": {
                "audio_samples": self.audio_samples,
                "sample_rate": self.sample_rate,
                "window_seconds": str(self.requested_window),
                "overlap_seconds": str(self.requested_overlap),
                "fps": str(self.fps),
                "base_seed": self.base_seed,
                "max_iterations": self.max_iterations,
                "last_window": self.last_window,
                "seed_overrides": [str(override) for override in self.seed_overrides],
                **({} if self.order == IN_TURN else {"order": self.order}),
                **({"only": list(self.only)} if self.only else {}),
                **({} if self.model == LTX_23 else {"model": self.model.to_json()}),
            },
            "outcome": self.outcome(),
        }

    def outcome(self) -> dict[str, Any]:
        """The resulting numbers as plain values: to be seen by people, and to check a stored plan by."""
        return {
            "window_px": self.window_px,
            "overlap_latents": self.overlap_latents,
            "stride_px": self.stride_px,
            "iterations": self.iterations,
            "frames_made": self.frames_made,
            "frames_delivered": self.frames_delivered,
        }

    def _sample_at(self, px: int) -> int:
        return round_half_up(px / self.fps * self.sample_rate)


def song_frames(duration: Fraction, fps: Fraction) -> int:
    """Pixel frames that lie whole within `duration` s."""
    return math.floor(duration * fps)


def needed_iterations(frames: int, window_px: int, stride_px: int) -> int:
    """Iterations after a window of `window_px` frames until windows `stride_px` apart hold `frames` frames.

    Counted in frames of the finished video: what a song has behind its last whole frame is worth no window.
    """
    return max(0, -(-(frames - window_px) // stride_px))


def make_plan(
    *,
    audio_samples: int,
    sample_rate: int,
    window_seconds: int | float | str | Fraction,
    overlap_seconds: int | float | str | Fraction,
    fps: int | float | str | Fraction,
    base_seed: int = 0,
    max_iterations: int = 0,
    last_window: LastWindow = "fit",
    seed_overrides: Mapping[int, SeedOverride] | None = None,
    order: Order = IN_TURN,
    only: Iterable[int] = (),
    model: ModelFacts = LTX_23,
) -> LoopPlan:
    """Plans the loop over one song.

    Args:
        audio_samples: Length of the song in samples.
        sample_rate: Samples per second.
        window_seconds: Target window; numbers are read as their decimal text.
        overlap_seconds: Target overlap of neighbouring windows.
        fps: Pixel frames per second; 23.976 and the like are read as n/1001.
        base_seed: In `[0, 2**64)`.
        max_iterations: Upper limit, 0 for none; it never adds iterations.
        last_window: `"fit"` shortens the last window (the initial one, if the song is shorter than it) to the
            smallest `8k + 1` frames that cover the song; `"full"` makes all windows equally long.
        seed_overrides: From `parse_seed_overrides`.
        order: `"in turn"` or `"anchors first"`; see `window_order`.
        only: Windows that are wanted, and what they are made from; empty for all.
        model: The facts of the model.

    Raises:
        PlanError: A value no plan can be made from; the message names it, the rule, and the nearest that works.
    """
    check_length(audio_samples, sample_rate)
    geometry = make_geometry(window_seconds, overlap_seconds, fps)
    if last_window not in get_args(LastWindow):
        raise PlanError(f"last_window is {last_window!r}; it is 'full' or 'fit'")
    if isinstance(max_iterations, bool) or int(max_iterations) != max_iterations or max_iterations < 0:
        raise PlanError(f"max_iterations is {max_iterations}; it is a whole number from 0 (no limit) up")
    duration = Fraction(int(audio_samples), int(sample_rate))
    frames = song_frames(duration, geometry.fps)
    if frames < 1:
        long, shortest = told_apart(duration, 1 / geometry.fps)
        raise PlanError(
            f"the audio is {long} long, less than one frame at {geometry.fps} fps; "
            f"load a song of at least {shortest} or raise fps"
        )
    needed = needed_iterations(frames, geometry.window_px, geometry.stride_px)
    iterations = min(needed, int(max_iterations)) if max_iterations else needed
    check_order(order, geometry, iterations, overlap_seconds)
    check_lead_in(model, geometry, iterations, overlap_seconds)
    return LoopPlan(
        fps=geometry.fps,
        window_px=geometry.window_px,
        overlap_latents=geometry.overlap_latents,
        sample_rate=int(sample_rate),
        audio_samples=int(audio_samples),
        base_seed=check_seed(base_seed),
        iterations=iterations,
        last_window=last_window,
        max_iterations=int(max_iterations),
        requested_window=read_number(window_seconds, "window_seconds"),
        requested_overlap=read_number(overlap_seconds, "overlap_seconds"),
        seed_overrides=tuple(sorted((seed_overrides or {}).values(), key=lambda override: override.window)),
        order=order,
        only=checked_only(only, iterations),
        model=model,
    )
