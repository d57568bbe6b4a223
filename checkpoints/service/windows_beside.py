"""The windows beside one that it is made from: which takes of them a render went on with, and what those stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor

from ...latent_ops.kinds import TIME_AXIS, Latent
from ...loop_control.plan import LoopPlan
from ...loop_control.windows_left import beside
from ..fingerprint.tensor_hash import hash_value
from ..runs.manifest import Manifest
from ..runs.selection import stand_ins
from ..runs.store import Store

Given = Mapping[int, str]
"""Window -> fingerprint of the take that a render went on with."""


def takes_beside(plan: LoopPlan, index: int, given: Given) -> tuple[str | None, str | None]:
    """Fingerprints of the takes before and after window `index` that it was made from; None if there is none, or not known."""
    there = beside(plan, index)
    before, after = (given.get(near) if near in there else None for near in (index - 1, index + 1))
    return before, after


@dataclass(frozen=True)
class Start:
    """The latent that a window starts from.

    Attributes:
        latent: The window before, or the window itself cut out of the whole video, with what its neighbours have finished.
        content: Its content hash.
    """

    latent: Latent
    content: bytes


def starts_meant(store: Store, manifest: Manifest, plan: LoopPlan, index: int, start: Start, given: Given) -> Iterator[bytes]:
    """Content hashes of what else a window may have been made from: the same, before a window beside it was made again.

    That one was made again "and keep the rest", so this window is asked for as if it had not been.

    Args:
        store: The run.
        manifest: The run as it is.
        plan: Of the render.
        index: The window.
        start: What it starts from now.
        given: The takes that the render went on with.
    """
    stands_for = stand_ins(manifest.window(index - 1)).get(start.content.hex()) if index else None
    if stands_for is not None:
        yield bytes.fromhex(stands_for)
        return
    samples, window = start.latent["samples"], plan.nth_window(index)
    originals = {near: found for near in beside(plan, index) if (found := _original(store, manifest, near, given)) is not None}
    if not originals or not isinstance(samples, Tensor) or samples.shape[TIME_AXIS] != window.window_latents:
        return
    starts = [samples]
    if index - 1 in originals:
        starts += [_with_before(each, originals[index - 1], window.context_before_latents) for each in tuple(starts)]
    if index + 1 in originals:
        starts += [_with_after(each, originals[index + 1], window.context_after_latents) for each in tuple(starts)]
    for changed in starts[1:]:
        yield hash_value({**start.latent, "samples": changed}, name="previous_latent")


def _original(store: Store, manifest: Manifest, index: int, given: Given) -> Tensor | None:
    """The latent that the retake given as window `index` replaces; None if it was no retake, or that is gone from the disk."""
    window = manifest.window(index)
    stored = window.find(given.get(index))
    replaced = None if stored is None or stored.take.retake is None else window.find(stored.take.retake.of)
    found = None if replaced is None else store.load(index, replaced)
    samples = None if found is None else found.latent["samples"]
    return samples if isinstance(samples, Tensor) else None


def _with_before(samples: Tensor, original: Tensor, latents: int) -> Tensor:
    changed = samples.clone()
    changed[:, :, :latents] = original[:, :, original.shape[TIME_AXIS] - latents :].to(changed)
    return changed


def _with_after(samples: Tensor, original: Tensor, latents: int) -> Tensor:
    changed = samples.clone()
    changed[:, :, changed.shape[TIME_AXIS] - latents :] = original[:, :, :latents].to(changed)
    return changed
