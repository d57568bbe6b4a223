"""A video's latent as a canvas: windows are cut out of it to be sampled, and what each adds is written into it.

A window that is cut out holds what its neighbours have finished, with a mask of 0, and what it is to make, with a mask of 1:
zeros in the first stage, the enlarged draft in the second. Which windows are finished before which follows from the plan
(`loop_control.window_order`), so nothing is noted on the canvas itself.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..loop_control.plan import LoopPlan
from ..loop_control.planned_window import PlannedWindow
from ..loop_control.units import SPATIAL_STEP_PX, VIDEO_LATENT_CHANNELS, latents_from_pixels, pixels_from_latents
from .audio_window import refuse_shorter_song
from .kinds import TIME_AXIS, Latent, LatentError, cut, cut_and_hold, require_audio, require_video, shape_text, with_samples
from .window import KEEP, MAKE_NEW


def canvas_latents(plan: LoopPlan) -> int:
    """Latents of the whole video, as all windows of a plan make them."""
    return latents_from_pixels(plan.frames_made)


def empty_canvas(plan: LoopPlan, width_px: int, height_px: int) -> dict[str, Any]:
    """A canvas of zeros, (1, 128, T, H, W) in float32.

    Args:
        plan: its windows make T latents.
        width_px: a multiple of 32.
        height_px: a multiple of 32.
    """
    size = height_px // SPATIAL_STEP_PX, width_px // SPATIAL_STEP_PX
    return {"samples": torch.zeros(1, VIDEO_LATENT_CHANNELS, canvas_latents(plan), *size)}


def canvas_of_draft(draft: Latent, plan: LoopPlan, width_px: int, height_px: int) -> dict[str, Any]:
    """A finished video latent (B, C, T, H, W) as a canvas, without its noise mask.

    Raises:
        LatentError: It is not as long as the plan's windows make it, or not of this size in pixels.
    """
    samples = require_canvas(draft, plan, "draft")
    height, width = (SPATIAL_STEP_PX * side for side in samples.shape[-2:])
    if (width, height) != (width_px, height_px):
        raise LatentError(
            f"draft of shape {shape_text(samples)} is {width}x{height} px, but the canvas is to be {width_px}x{height_px} px; "
            "set the size to the draft's, or enlarge the draft with Enlarge Draft"
        )
    return with_samples(draft, samples)


def window_of_canvas(
    canvas: Latent,
    window: PlannedWindow,
    plan: LoopPlan,
    first_latent: Latent | None = None,
    first_strength: float = 1.0,
) -> dict[str, Any]:
    """A window to sample, (B, C, W, H, W'), with a mask (B, 1, W, 1, 1) in float32.

    The mask is 0 on what finished neighbours show, but for a lead-in, and 1 on the rest. A window that nothing comes before
    does not add its own first latent, unless it is window 0: that latent starts as a copy of the second, so that a window
    starts from nothing but what it adds and what it sees.

    Args:
        canvas: video latent (B, C, T, H, W) of the whole video. A noise mask in it is ignored.
        window: which one.
        plan: of the canvas.
        first_latent: an encoded picture (1 or B, C, N, H, W) with which window 0 begins; no other window takes it.
        first_strength: 0 to 1; the picture's mask is 1 minus this.

    Raises:
        LatentError: The canvas does not fit the plan, or the picture not the canvas.
    """
    samples = require_canvas(canvas, plan)
    start, stop = window.latents
    shown = cut(samples, start, stop)
    mask = torch.full((shown.shape[0], 1, stop - start, 1, 1), MAKE_NEW, dtype=torch.float32, device=shown.device)
    mask[:, :, window.lead_in_latents : window.context_before_latents] = KEEP
    mask[:, :, stop - start - window.context_after_latents :] = KEEP
    own_first = window.added_latents[0] - start - window.context_before_latents
    shown[:, :, :own_first] = shown[:, :, own_first : own_first + 1]
    if first_latent is not None and window.index == 0:
        _begin_with(shown, mask, require_video(first_latent, "first_latent"), first_strength)
    return with_samples(canvas, shown, mask)


def _begin_with(shown: Tensor, mask: Tensor, picture: Tensor, strength: float) -> None:
    if not 0.0 <= strength <= 1.0:
        raise LatentError(f"first_strength is {strength}; it lies from 0 (all is made new) to 1 (the picture stays)")
    batch, channels, latents, *size = picture.shape
    if batch not in (1, shown.shape[0]) or [channels, *size] != [shown.shape[1], *shown.shape[3:]]:
        raise LatentError(
            f"first_latent of shape {shape_text(picture)} does not fit a window of shape {shape_text(shown)}; encode the "
            f"picture at {shown.shape[4] * SPATIAL_STEP_PX}x{shown.shape[3] * SPATIAL_STEP_PX} px with the same VAE"
        )
    if latents >= shown.shape[TIME_AXIS]:
        raise LatentError(
            f"first_latent of shape {shape_text(picture)} fills the whole window of {shown.shape[TIME_AXIS]} latents; give "
            "one picture, or a clip shorter than the window"
        )
    shown[:, :, :latents] = picture.to(shown)
    mask[:, :, :latents] = 1.0 - strength


def audio_of_window(audio_latent: Latent, window: PlannedWindow, plan: LoopPlan, batch: int) -> dict[str, Any]:
    """The song under a window, (B, 8, A, 16), with a mask (B, 1, A, 16) of 0.

    The song may have been encoded for the plan of another stage, which rounds its last window in its own way. If it ends behind
    the last frame of the video but before the window does, its last latent is repeated: what is made there is not seen.

    Args:
        audio_latent: the whole song, (1 or B, 8, T, 16).
        window: which one.
        plan: of the canvas.
        batch: B, of the window's video.

    Raises:
        LatentError: It ends before the video does, or its batch is another.
    """
    song = require_audio(audio_latent)
    if song.shape[0] not in (1, batch):
        raise LatentError(f"audio_latent has batch {song.shape[0]}, the canvas {batch}; they must be equal, or the audio's 1")
    refuse_shorter_song(audio_latent, plan.audio_latents_beside(plan.frames_delivered))
    samples = cut_and_hold(song, *window.audio_latents).expand(batch, -1, -1, -1).clone(memory_format=torch.contiguous_format)
    mask = torch.full((batch, 1, *samples.shape[2:]), KEEP, dtype=torch.float32, device=samples.device)
    return with_samples(audio_latent, samples, mask)


def added_of_window(sampled: Latent, window: PlannedWindow) -> dict[str, Any]:
    """The part of a sampled window (B, C, W, H, W') that it adds to the video, without a noise mask.

    Raises:
        LatentError: It is not as long as the window: guides are still on it, or it is another window's.
    """
    samples = require_video(sampled)
    start, stop = window.latents
    if samples.shape[TIME_AXIS] != stop - start:
        raise LatentError(
            f"the sampled window has shape {shape_text(samples)}, but window {window.index} has {stop - start} latents; take "
            "guides off with LTXVCropGuides, and wire the same plan and current_iteration as to Window of Canvas"
        )
    first, end = window.added_latents
    return with_samples(sampled, cut(samples, first - start, end - start))


def write_to_canvas(canvas: Latent, added: Latent, window: PlannedWindow, plan: LoopPlan) -> dict[str, Any]:
    """The canvas with what a window adds in its place; all else is the old value, bit for bit.

    Args:
        canvas: video latent (B, C, T, H, W) of the whole video.
        added: (B, C, N, H, W), from `added_of_window`.
        window: which one.
        plan: of the canvas.

    Raises:
        LatentError: The canvas does not fit the plan, or what is added not its place.
    """
    old, new = require_canvas(canvas, plan), require_video(added)
    start, stop = window.added_latents
    expected = (*old.shape[:TIME_AXIS], stop - start, *old.shape[TIME_AXIS + 1 :])
    if tuple(new.shape) != expected:
        raise LatentError(
            f"window {window.index} adds latents of shape {expected} to the canvas, but got {shape_text(new)}; put New Part "
            "of Window between the sampler and the checkpoint"
        )
    written = old.clone()
    written[:, :, start:stop] = new.to(written)
    return with_samples(canvas, written)


def require_canvas(canvas: Latent, plan: LoopPlan, name: str = "canvas") -> Tensor:
    """The samples (B, C, T, H, W) of a canvas that fits the plan.

    Raises:
        LatentError: It is no video latent, or not as long as the plan's windows make it.
    """
    samples = require_video(canvas, name)
    found, wanted = samples.shape[TIME_AXIS], canvas_latents(plan)
    if found != wanted:
        raise LatentError(
            f"{name} of shape {shape_text(samples)} has {found} latents ({pixels_from_latents(found)} frames), but the windows "
            f"of the plan make {wanted} ({plan.frames_made} frames); wire the plan that it was made for"
        )
    return samples
