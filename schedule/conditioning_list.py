"""Which prompts a song needs encoded, and the choice of one for a window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from .blending import Blend

Item = TypeVar("Item")


def prompts_of(blends: Sequence[Blend[str]]) -> tuple[str, ...]:
    """Each distinct prompt that has a share in one of the blends, in order of first use."""
    shares = (text for blend in blends for text in _shares(blend))
    return tuple(dict.fromkeys(shares))


def _shares(blend: Blend[str]) -> tuple[str, ...]:
    both = (blend.current.value, 1.0 - blend.factor), (blend.next.value, blend.factor)
    return tuple(text for text, share in both if share > 0)


def select(items: Sequence[Item], window: int, what: str = "prompt") -> Item:
    """Item number `window` of a list that has one for each window.

    Args:
        items: The list.
        window: 0 for the initial render.
        what: An item's name in messages.

    Raises:
        ValueError: The list is empty or has none for this window.
    """
    if not items:
        raise ValueError(f"the list is empty; wire the list of {what}s from the Batch Encode node")
    if not 0 <= window < len(items):
        raise ValueError(
            f"there is no {what} for window {window}; the list has windows 0 to {len(items) - 1}. Encode the "
            "schedule with the plan (or the stride and duration) of this loop"
        )
    return items[window]
