"""Joining the results of a loop's iterations: LATENT on its time axis, IMAGE and MASK on the batch axis.

Parts may repeat frames of the part before. With an overlap of N frames, in units of the joined axis (video latents for
a nested latent, whose audio follows at its own rate):

- `disabled`: every frame of every part is kept;
- `start`: the first N frames of each part but the first are dropped;
- `end`: the last N frames of each part but the last are dropped;
- `fade_linear`, `fade_smooth`: the last N frames so far fade into the first N of the next part;
- `replace_tail`: the last N frames so far are dropped and the next part takes their place. Unlike `end` this
  may reach back over more than one part, if parts are shorter than N.

Pieces are views until one concatenation at the end, so that memory is the parts and the result, never more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..loop_engine.slots import OVERLAP_MODES
from .audio_rate import leading_audio_latents
from .fade import fade
from .kinds import (
    TIME_AXIS,
    LatentError,
    LatentKind,
    cut,
    kind_of,
    renest,
    shape_text,
    tensors_of,
    with_samples,
)

VANISHES, CANNOT_FADE = "the part would vanish", "there is not enough to fade over"

_BATCH_AXIS = 0
_IMAGE_RANKS = (3, 4)


def frame_count(value: Any) -> int:
    """Length of a LATENT (video latents, if nested), IMAGE (B, H, W, C) or MASK (B, H, W) on its joined axis.

    Raises:
        LatentError: `value` is none of these.
    """
    return _streams(value, "value")[0].shape[_axis(value, "value")]


def no_frames(value: Any) -> Any:
    """The same LATENT, IMAGE or MASK with no frame in it: joined to another it adds nothing.

    Raises:
        LatentError: `value` is none of these.
    """
    axis = _axis(value, "value")
    return _pack(value, [part.narrow(axis, 0, 0) for part in _streams(value, "value")], axis)


def check_next(
    first: Any, last: Any, frames: int, part: Any, number: int, overlap_mode: str = "disabled", overlap_frames: int = 0
) -> None:
    """Refuses a part that `join` could not put behind those before it, before the parts that follow are made.

    Args:
        first: The first part.
        last: The part before.
        frames: Frames of all parts before together, joined.
        part: The part.
        number: Its number, from 2.
        overlap_mode: One of `OVERLAP_MODES`.
        overlap_frames: Frames that neighbours share.

    Raises:
        LatentError: The part does not fit the first one, or is too short for its overlap, or those before it are.
    """
    axis = _axis(first, "part 1")
    row = _streams(part, f"part {number}")
    _check_alike([_streams(first, "part 1"), row], axis, number)
    if overlap_mode == "end":
        _check_longer(_streams(last, f"part {number - 1}")[0], number - 1, axis, overlap_frames, VANISHES)
    elif overlap_mode in ("fade_linear", "fade_smooth", "replace_tail") and frames < overlap_frames:
        raise LatentError(_too_far_back(number, overlap_frames, frames))
    if overlap_mode.startswith("fade_"):
        _check_longer(row[0], number, axis, overlap_frames - 1, CANNOT_FADE)


def first_frames(value: Any, frames: int) -> Any:
    """The first `frames` frames of a LATENT, IMAGE or MASK, all of it if it is no longer than that.

    Args:
        value: LATENT, IMAGE or MASK.
        frames: 1 or more, in units of the joined axis.

    Raises:
        LatentError: `frames` is below 1, or `value` is none of these.
    """
    if frames < 1:
        raise LatentError(f"{frames} frames cannot be taken; use 1 or more")
    streams, axis = _streams(value, "value"), _axis(value, "value")
    if streams[0].shape[axis] <= frames:
        return value
    counts = [frames]
    if len(streams) == 2:
        counts.append(leading_audio_latents(frames, *streams))
    cuts = [cut(part, 0, min(count, part.shape[axis]), axis) for part, count in zip(streams, counts, strict=True)]
    return _pack(value, cuts, axis)


def join(parts: Sequence[Any], overlap_mode: str = "disabled", overlap_frames: int = 0) -> Any:
    """Joins the parts in order.

    Args:
        parts: one or more of the same type: LATENT (video (B, C, T, H, W) and audio (B, C, T, F) on axis 2, nested ones
            part by part at the rate of the first part's lengths, pictures (B, C, H, W) on the batch axis), IMAGE (B, H,
            W, C) or MASK (B, H, W).
        overlap_mode: one of `OVERLAP_MODES`.
        overlap_frames: frames that neighbours share, 1 or more unless the mode is `disabled`.

    Returns:
        A new value of the same type; a LATENT has the keys of the first part, without `noise_mask`.

    Raises:
        LatentError: no parts, parts that do not fit together, an unknown mode, or an overlap that a part is too short
            for.
    """
    if not parts:
        raise LatentError("there is nothing to join: no iteration gave a result")
    if overlap_mode not in OVERLAP_MODES:
        raise LatentError(f"the overlap mode {overlap_mode!r} is not known; use one of {', '.join(OVERLAP_MODES)}")
    if overlap_mode != "disabled" and overlap_frames < 1:
        raise LatentError(f"overlap_frames is {overlap_frames}; mode {overlap_mode!r} needs 1 or more, or use disabled")
    axis = _axis(parts[0], "part 1")
    rows = [_streams(part, f"part {number}") for number, part in enumerate(parts, 1)]
    _check_alike(rows, axis)
    overlaps = [overlap_frames]
    if len(rows[0]) == 2:
        overlaps.append(leading_audio_latents(overlap_frames, *rows[0]))
    joined = [
        torch.cat(_pieces(stream, axis, overlap_mode, overlap), dim=axis)
        for stream, overlap in zip(zip(*rows, strict=True), overlaps, strict=True)
    ]
    return _pack(parts[0], joined, axis)


def _pieces(stream: Sequence[Tensor], axis: int, mode: str, overlap: int) -> list[Tensor]:
    device = stream[0].device
    pieces = [stream[0]]
    for number, part in enumerate((part.to(device) for part in stream[1:]), 2):
        if mode == "disabled" or overlap == 0:
            pieces.append(part)
            continue
        if mode == "start":
            _check_longer(part, number, axis, overlap, VANISHES)
            pieces.append(_from(part, overlap, axis))
            continue
        if mode == "end":
            _check_longer(stream[number - 2], number - 1, axis, overlap, VANISHES)
        elif mode != "replace_tail":
            _check_longer(part, number, axis, overlap - 1, CANNOT_FADE)
        tail = _take_tail(pieces, overlap, axis, number)
        if mode in ("end", "replace_tail"):
            pieces.append(part)
            continue
        incoming = part.narrow(axis, 0, overlap)
        pieces.append(fade(torch.cat(tail, dim=axis), incoming, axis, mode.removeprefix("fade_")))
        pieces.append(_from(part, overlap, axis))
    return [piece for piece in pieces if piece.shape[axis]]


def _take_tail(pieces: list[Tensor], frames: int, axis: int, number: int) -> list[Tensor]:
    """Removes the last `frames` frames from `pieces` and returns them in order."""
    have = sum(piece.shape[axis] for piece in pieces)
    if have < frames:
        raise LatentError(_too_far_back(number, frames, have))
    tail: list[Tensor] = []
    while frames:
        last = pieces.pop()
        keep = max(0, last.shape[axis] - frames)
        frames -= last.shape[axis] - keep
        tail.insert(0, _from(last, keep, axis))
        if keep:
            pieces.append(last.narrow(axis, 0, keep))
    return tail


def _too_far_back(number: int, overlap: int, have: int) -> str:
    return (
        f"part {number} overlaps {overlap} frames, but the parts before it have {have} together; "
        f"use an overlap of at most {have}"
    )


def _from(part: Tensor, start: int, axis: int) -> Tensor:
    return part.narrow(axis, start, part.shape[axis] - start)


def _check_longer(part: Tensor, number: int, axis: int, overlap: int, reason: str) -> None:
    if part.shape[axis] <= overlap:
        raise LatentError(
            f"part {number} of shape {shape_text(part)} has {part.shape[axis]} frames for its overlap, {reason}; "
            f"use parts of at least {overlap + 1} frames or a smaller overlap"
        )


def _check_alike(rows: Sequence[tuple[Tensor, ...]], axis: int, second: int = 2) -> None:
    first = rows[0]
    for number, row in enumerate(rows[1:], second):
        alike = len(row) == len(first) and all(_outline(a, axis) == _outline(b, axis) for a, b in zip(row, first, strict=False))
        if not alike:
            shapes = [", ".join(shape_text(part) for part in streams) for streams in (row, first)]
            raise LatentError(
                f"part {number} of shape {shapes[0]} cannot be joined to part 1 of shape {shapes[1]}; "
                f"they may differ on axis {axis} only"
            )


def _outline(part: Tensor, axis: int) -> tuple[int, ...]:
    return (*part.shape[:axis], -1, *part.shape[axis + 1 :])


def _axis(value: Any, name: str) -> int:
    if isinstance(value, Tensor):
        return _BATCH_AXIS
    return _BATCH_AXIS if kind_of(value, name) is LatentKind.PICTURE else TIME_AXIS


def _streams(value: Any, name: str) -> tuple[Tensor, ...]:
    if isinstance(value, Tensor):
        if value.ndim not in _IMAGE_RANKS:
            raise LatentError(f"{name} of shape {shape_text(value)} is no IMAGE (B, H, W, C) and no MASK (B, H, W)")
        return (value,)
    kind_of(value, name)
    return tensors_of(value["samples"])


def _pack(like: Any, tensors: list[Tensor], axis: int) -> Any:
    if isinstance(like, Tensor):
        return tensors[0]
    # `batch_index` numbers the pictures of one batch; it does not fit a longer or shorter one.
    kept = like if axis == TIME_AXIS else {key: item for key, item in like.items() if key != "batch_index"}
    return with_samples(kept, renest(like["samples"], tensors))
