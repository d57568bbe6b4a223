"""Where a part of a finished video is made again: what is new, what is kept beside it, what is faded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .errors import PlanError
from .model_facts import LTX_23, ModelFacts
from .plan import LoopPlan
from .rates import read_number, seconds_text, told_apart
from .units import (
    audio_latents_for_clip,
    first_pixel_of_latent,
    latent_of_pixel,
    pixels_from_latents,
    pixels_from_new_latents,
    round_half_up,
)

__all__ = ["RetakeSpan", "added_latents", "span_asked_for", "span_of_seconds", "span_of_window"]


@dataclass(frozen=True)
class RetakeSpan:
    """A stretch of the joined latent that is made again. Counted in latents of the whole video, half-open.

    Attributes:
        start: First new latent, at least 1: the first latent is the picture and stays.
        stop: One past the last new latent.
        before: Latents before `start` that the window sees.
        after: Latents from `stop` on that the window sees; 0 at the end of the video.
        fade_before: The last latents of `before` that are sampled too and faded from the old to the new.
        fade_after: The first latents of `after` that are sampled too and faded from the new to the old.
        fps: Pixel frames per second.
        model: The facts of the run's model.
    """

    start: int
    stop: int
    before: int
    after: int
    fade_before: int
    fade_after: int
    fps: Fraction
    model: ModelFacts = LTX_23

    @property
    def window_start(self) -> int:
        """First latent of the window."""
        return self.start - self.before

    @property
    def window_stop(self) -> int:
        """One past the last latent of the window."""
        return self.stop + self.after

    @property
    def lead_in_latents(self) -> int:
        """First latents of the window in whose place the model makes something of its own, which is thrown away."""
        return self.model.lead_in_latents if self.window_start > 0 else 0

    @property
    def window_px(self) -> int:
        """Pixel frames of the window, as a clip of its own."""
        return pixels_from_latents(self.window_stop - self.window_start)

    @property
    def changed(self) -> tuple[int, int]:
        """Latents `[first, stop)` that differ afterwards: the new ones and the faded."""
        return self.start - self.fade_before, self.stop + self.fade_after

    @property
    def audio_latents(self) -> tuple[int, int]:
        """Audio latents `[start, stop)` of the whole song beside the window, from its absolute position."""
        start_px = pixels_from_new_latents(self.window_start)
        rate = self.model.audio_latents_per_second
        start = round_half_up(start_px / self.fps * rate)
        return start, start + audio_latents_for_clip(self.window_px, self.fps, rate)

    @property
    def seconds(self) -> tuple[Fraction, Fraction]:
        """Seconds of the video `[start, stop)` whose frames are new."""
        return first_pixel_of_latent(self.start) / self.fps, first_pixel_of_latent(self.stop) / self.fps

    def report(self) -> str:
        """One line for people."""
        start, stop = self.seconds
        faded = f", {self.fade_before} and {self.fade_after} of them faded" if self.fade_before or self.fade_after else ""
        return (
            f"new from {seconds_text(start)} to {seconds_text(stop)} ({self.stop - self.start} latents); the window also sees "
            f"{self.before} latents before and {self.after} after{faded}"
        )


def added_latents(plan: LoopPlan, index: int) -> tuple[int, int]:
    """Latents `[start, stop)` of the whole video that window `index` adds."""
    return plan.nth_window(index).added_latents


def span_asked_for(
    plan: LoopPlan, total_latents: int, window: int, start_seconds: float, end_seconds: float, fade_latents: int
) -> RetakeSpan:
    """The span of a window, or of a stretch of seconds if `window` is -1.

    Raises:
        PlanError: Both are given, or as in `span_of_window` and `span_of_seconds`.
    """
    if window < 0:
        return span_of_seconds(plan, total_latents, start_seconds, end_seconds, fade_latents)
    if end_seconds > 0:
        raise PlanError(
            f"window is {window} and end_seconds is {end_seconds}: set window to -1 for the part from start_seconds to "
            "end_seconds, or both seconds to 0 for the window"
        )
    return span_of_window(plan, total_latents, window, fade_latents)


def span_of_window(plan: LoopPlan, total_latents: int, index: int, fade_latents: int = 1) -> RetakeSpan:
    """The span that makes again what window `index` added, and nothing else.

    Of the initial render the picture stays, and its last latents if a window has no room for them beside a neighbour. So do
    the last latents of any other window that was made without one.

    Args:
        plan: Of the run.
        total_latents: Latents that the run has on disk.
        index: Window; 0 is the initial render.
        fade_latents: As in `span_of_seconds`.

    Raises:
        PlanError: The run has no such window, or as in `span_of_seconds`.
    """
    last = max(k for k in range(plan.iterations + 1) if added_latents(plan, k)[1] <= total_latents)
    if not 0 <= index <= last:
        raise PlanError(f"window {index} is to be made again; the run has windows 0 to {last} on disk")
    start, stop = added_latents(plan, index)
    if stop < total_latents:
        stop = min(stop, max(start, 1) + plan.nth_window(0).window_latents - 2)
    return _span(plan, total_latents, start, stop, fade_latents)


def span_of_seconds(
    plan: LoopPlan,
    total_latents: int,
    start_seconds: int | float | str | Fraction,
    end_seconds: int | float | str | Fraction,
    fade_latents: int = 1,
) -> RetakeSpan:
    """The span of whole latents that holds the frames from `start_seconds` to `end_seconds`.

    Args:
        plan: Of the run.
        total_latents: Latents that the run has on disk.
        start_seconds: Of the video.
        end_seconds: Of the video; past `start_seconds`, within what is on disk.
        fade_latents: Latents faded on either side; fewer if less is kept there.

    Raises:
        PlanError: The times are no stretch of the video, or too long for one window; the message says what would fit.
    """
    start, end = read_number(start_seconds, "start_seconds"), read_number(end_seconds, "end_seconds")
    made = pixels_from_latents(total_latents) / plan.fps
    if not 0 <= start < end:
        raise PlanError(
            f"{seconds_text(start)} to {seconds_text(end)} is no stretch of the video; start_seconds is 0 or more and "
            "end_seconds lies behind it"
        )
    if start == made:
        raise PlanError(f"start_seconds is {seconds_text(start)}, where the run on disk ends; start before that")
    if start > made:
        asked, ends = told_apart(start, made)
        raise PlanError(f"start_seconds is {asked}, but the run on disk ends at {ends}")
    if end > made:
        asked, ends = told_apart(end, made)
        raise PlanError(f"end_seconds is {asked}, but the run on disk ends at {ends}; use that")
    first_px = int(start * plan.fps)
    last_px = -(-end * plan.fps // 1) - 1
    return _span(plan, total_latents, latent_of_pixel(first_px), latent_of_pixel(int(last_px)) + 1, fade_latents)


def _span(plan: LoopPlan, total: int, start: int, stop: int, fade_latents: int) -> RetakeSpan:
    if fade_latents < 0:
        raise PlanError(f"fade_latents is {fade_latents}; it is 0 or more")
    # The first latent is the picture that the video starts from: it is kept, and it is what the window sees before.
    start = max(start, 1)
    if stop <= start:
        raise PlanError("the first frame is your picture and stays; let the part end behind it, at 0.04 s or later")
    # From the video's first latent on there is no lead-in; whether the window reaches there is not known yet.
    lead_in = plan.model.lead_in_latents if start > 1 else 0
    neighbours = lead_in + (1 if stop == total else 2)
    window = plan.nth_window(0).window_latents
    room = window - (stop - start)
    if room < neighbours:
        longest = pixels_from_new_latents(window - neighbours) / plan.fps
        asked = pixels_from_new_latents(stop - start) / plan.fps
        raise PlanError(
            f"{seconds_text(asked)} are to be made again, but one window holds {window} latents, of which its neighbours take "
            f"{neighbours}: at most {seconds_text(longest)} at once; make two retakes of it"
        )
    before = min(plan.overlap_latents, start)
    after = min(plan.overlap_latents, total - stop)
    while before + after > room:
        before, after = (before - 1, after) if before - lead_in > after else (before, after - 1)
    return RetakeSpan(
        start=start,
        stop=stop,
        before=before,
        after=after,
        fade_before=min(fade_latents, before - lead_in - 1),
        fade_after=min(fade_latents, max(0, after - 1)),
        fps=plan.fps,
        model=plan.model,
    )
