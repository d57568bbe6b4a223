"""How long a window is, how far the next one lies behind it: the arithmetic that needs no song."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .errors import PlanError
from .rates import decimal_text, fps_text, parse_fps, read_number, seconds_text
from .units import (
    PIXELS_PER_LATENT,
    largest_clip_px,
    latents_from_pixels,
    pixels_from_latents,
    pixels_from_new_latents,
    round_half_up,
)

# One latent of context and one new latent: below that there is nothing to extend.
SMALLEST_WINDOW_LATENTS = 2

# LTX's rotary position embedding covers 20 s (`positional_embedding_max_pos` [20, 2048, 2048] in the checkpoint's
# transformer config), and a latent's time is the middle of its 8 frames, hence the 4.
ROPE_SECONDS = 20
ROPE_SLACK_PX = PIXELS_PER_LATENT // 2

# Up to here a hundredth of a second is less than the 7 frames by which a target may miss its latent.
HIGHEST_FPS_IN_HUNDREDTHS = 500


@dataclass(frozen=True)
class WindowGeometry:
    """Window and stride on the latent grid. All seconds are exact fractions.

    Attributes:
        fps: Pixel frames per second.
        window_px: Length of a full window in pixel frames, `8k + 1`.
        overlap_latents: Latents that a window shares with the one before it, at least 1, fewer than the window has.
    """

    fps: Fraction
    window_px: int
    overlap_latents: int

    @property
    def window_latents(self) -> int:
        """Length of a full window in latents."""
        return latents_from_pixels(self.window_px)

    @property
    def new_latents(self) -> int:
        """Latents that each window of the loop adds."""
        return self.window_latents - self.overlap_latents

    @property
    def stride_px(self) -> int:
        """Pixel frames from the start of a window to the start of the next."""
        return pixels_from_new_latents(self.new_latents)

    @property
    def overlap_px(self) -> int:
        """Pixel frames that two windows share (effective, not the target)."""
        return self.window_px - self.stride_px

    @property
    def window(self) -> Fraction:
        """Length of a full window in seconds."""
        return self.window_px / self.fps

    @property
    def stride(self) -> Fraction:
        """Seconds from the start of a window to the start of the next."""
        return self.stride_px / self.fps

    @property
    def overlap(self) -> Fraction:
        """Seconds that two windows share (effective, not the target)."""
        return self.overlap_px / self.fps

    @property
    def rope_limit_px(self) -> int:
        """The most pixel frames a window may have before positions leave the range the model was trained on."""
        return int(ROPE_SECONDS * self.fps) + ROPE_SLACK_PX


def make_geometry(
    window_seconds: int | float | str | Fraction,
    overlap_seconds: int | float | str | Fraction,
    fps: int | float | str | Fraction,
) -> WindowGeometry:
    """Puts a target window and overlap on the latent grid.

    The window is the largest `8k + 1` frames not above `round(window * fps)`; the overlap takes the latents that
    `round(overlap * fps)` frames fill.

    Raises:
        PlanError: A value is not a number or out of range, the overlap is empty, or it leaves no new latent.
    """
    rate = parse_fps(fps)
    target = round_half_up(read_number(window_seconds, "window_seconds") * rate)
    smallest_px = pixels_from_latents(SMALLEST_WINDOW_LATENTS)
    if target < smallest_px:
        raise PlanError(
            f"window_seconds is {window_seconds}, which is {max(target, 0)} frames at {fps_text(rate)} fps; a window "
            f"has at least {smallest_px} frames ({least_seconds(smallest_px, rate)} s)"
        )
    window_px = largest_clip_px(target)
    window_latents = latents_from_pixels(window_px)

    overlap_px = round_half_up(read_number(overlap_seconds, "overlap_seconds") * rate)
    if overlap_px < 1:
        raise PlanError(
            f"overlap_seconds is {overlap_seconds}; a window must share at least 1 latent with the one before it, "
            f"and the smallest overlap that gives one is {least_seconds(1, rate)} s"
        )
    overlap_latents = latents_from_pixels(overlap_px)
    if overlap_latents >= window_latents:
        # A window's context is cut from the new latents of the one before: more than half a window works once only.
        largest_px = pixels_from_latents(window_latents // 2)
        raise PlanError(
            f"overlap_seconds is {overlap_seconds}, which leaves nothing new in a window of "
            f"{seconds_text(window_px / rate)}; the largest overlap that works with this "
            f"window is {least_seconds(largest_px, rate)} s"
        )
    return WindowGeometry(rate, window_px, overlap_latents)


def least_seconds(px: int, fps: Fraction) -> str:
    """Seconds, as text to be typed in, that give at least `px` frames again, and less than one latent more."""
    decimals = 2 if fps <= HIGHEST_FPS_IN_HUNDREDTHS else 3
    steps = -(-px * 10**decimals * fps.denominator // fps.numerator)
    return decimal_text(Fraction(steps, 10**decimals), decimals)
