"""Reads from an attention mask which keys share a bias, so that each group of keys can be attended to without the mask.

ComfyUI's guides add log(strength) to the logits of a guide's keys; masks of prompts hide the last keys. Such a mask has few
different columns. Looking costs one small copy to the processor; a render passes the same mask to every block of a step, so
the answer is kept as long as the mask lives.
"""

from __future__ import annotations

import itertools
import weakref
from dataclasses import dataclass

import torch

MAX_GROUPS = 8
"""More groups than this cost more calls than the mask does: a mask of pixels has a bias of its own for each key."""
MAX_SEGMENTS = 64
"""Stretches of equal columns; more is a mask of pixels."""
ELEMENTS_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class KeyGroup:
    """Keys that every query sees with the same bias.

    Attributes:
        keys: their positions: a slice, or (n,) indices on the mask's device.
        bias: added to their logits, natural logarithm: a number, or (B | 1, H | 1, Tq | 1) float32 if queries differ.
    """

    keys: slice | torch.Tensor
    bias: float | torch.Tensor

    def of(self, tensor: torch.Tensor, dim: int) -> torch.Tensor:
        """The part of keys or values that belongs to the group; a view if the keys lie side by side."""
        if isinstance(self.keys, slice):
            return tensor.narrow(dim, self.keys.start, self.keys.stop - self.keys.start)
        return tensor.index_select(dim, self.keys.to(tensor.device))


def key_groups(mask: torch.Tensor) -> tuple[KeyGroup, ...] | None:
    """The groups of keys that a mask tells apart, without those that it hides from every query.

    Args:
        mask: boolean (True attends) or additive; (Tq, Tk), (B, Tq, Tk) or (B, heads, Tq, Tk), each axis but the last may be 1.

    Returns:
        None if there are more than `MAX_GROUPS`, or a query sees no key at all.
    """
    while mask.ndim < 4:
        mask = mask.unsqueeze(0 if mask.ndim == 2 else 1)
    starts = _segment_starts(mask)
    if starts is None:
        return None
    columns = mask[..., torch.tensor(starts, device=mask.device)].cpu()
    bias = torch.where(columns, 0.0, -torch.inf) if columns.dtype is torch.bool else columns.float()
    # Beyond this a key's weight is 0 whatever its logit: ComfyUI hides with the lowest number of the mask's dtype.
    lowest = -torch.inf if mask.dtype is torch.bool else torch.finfo(mask.dtype).min / 2
    ranges = list(itertools.pairwise([*starts, mask.shape[-1]]))
    different, inverse = bias.flatten(0, 2).unique(dim=1, return_inverse=True)
    seen = different > lowest
    if not seen.any(dim=1).all():
        return None
    groups = []
    for number in range(different.shape[1]):
        if not seen[:, number].any():
            continue
        members = [stretch for stretch, group in zip(ranges, inverse.tolist(), strict=True) if group == number]
        groups.append(KeyGroup(_positions(members, mask.device), _bias(different[:, number], mask)))
    groups.sort(key=_first_key)
    return tuple(groups) if len(groups) <= MAX_GROUPS else None


def _segment_starts(mask: torch.Tensor) -> list[int] | None:
    """Where the mask's columns change; None if they do so too often."""
    rows = mask.flatten(0, 2) if mask.is_contiguous() else mask.reshape(-1, mask.shape[-1])
    changes = torch.zeros(mask.shape[-1] - 1, dtype=torch.bool, device=mask.device)
    for part in rows.split(max(1, ELEMENTS_AT_ONCE // mask.shape[-1])):
        changes |= (part[:, 1:] != part[:, :-1]).any(dim=0)
        if int(changes.sum()) >= MAX_SEGMENTS:
            return None
    return [0, *(changes.nonzero().flatten() + 1).tolist()]


def _positions(members: list[tuple[int, int]], device: torch.device) -> slice | torch.Tensor:
    if len(members) == 1:
        return slice(*members[0])
    return torch.cat([torch.arange(start, end, device=device) for start, end in members])


def _bias(column: torch.Tensor, mask: torch.Tensor) -> float | torch.Tensor:
    first = column[0].item()
    if bool((column == first).all()):
        return float(first)
    return column.view(mask.shape[:3]).to(mask.device)


def _first_key(group: KeyGroup) -> int:
    return group.keys.start if isinstance(group.keys, slice) else int(group.keys[0])


class KeyGroupCache:
    """The groups of the masks that are alive; one object per sampling run."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[torch.Tensor], int, tuple[KeyGroup, ...] | None]] = {}

    def of(self, mask: torch.Tensor) -> tuple[KeyGroup, ...] | None:
        """`key_groups` of this mask, looked up once for a tensor that nobody wrote to since."""
        known = self._known.get(id(mask))
        if known is not None and known[0]() is mask and known[1] == _writes(mask):
            return known[2]
        groups = key_groups(mask)
        key = id(mask)
        self._known[key] = (weakref.ref(mask, lambda _: self._known.pop(key, None)), _writes(mask), groups)
        return groups


def _writes(mask: torch.Tensor) -> int:
    # Tensors made under inference_mode do not count what is written to them; sampling makes a new mask for each step.
    return -1 if mask.is_inference() else mask._version
