"""Time, memory and cheaper ways of a render as sentences, by count or by what this machine made before."""

from __future__ import annotations

from ..cost.bounds import Bound, Limit
from ..cost.cards import SHARE_OF_PEAK, card_named
from .cost import Cost

_WORTH_SAYING_SECONDS = 1
_PETA, _GIB = 1e15, 2**30
_OFTEN_HAD = "RTX 4090"
"""The card of whose time is told if this machine's own is not known."""
_SETS_IT = {Limit.COMPUTE: "compute sets that", Limit.TRANSFER: "bringing weights to the card sets that"}


def time_by_rate(cost: Cost, seconds: float) -> str:
    """By windows of other sizes."""
    rate = seconds / cost.operations * _PETA
    return (
        f"about {seconds / 60:.1f} min by windows of other sizes that this machine made, if those had as many steps "
        f"({rate:.3g} s for 10^15 operations, and these are {cost.operations / _PETA:.3g} of them); loading models and "
        "writing the video come on top"
    )


def time_by_card(cost: Cost) -> str:
    """By what a card can do at best; "" if there is no table entry at all."""
    card = cost.card or card_named(_OFTEN_HAD)
    found = None if card is None else cost.bound_on(card)
    if card is None or found is None or not found.fits or found.seconds < _WORTH_SAYING_SECONDS:
        return ""
    which = f"here ({card.name})" if cost.card is not None else f"on an {card.name}"
    return f"by count at least {_minutes(found)} {which}, at {SHARE_OF_PEAK:.0%} of its peak; {_SETS_IT[found.limit]}"


def _minutes(found: Bound) -> str:
    return f"{found.seconds / 60:.1f} min"


def memory_by_count(cost: Cost) -> str:
    """By what a step has alive."""
    memory = cost.memory
    told = (
        f"by count {memory.all_bytes / _GIB:.1f} GiB with all weights on the card, {memory.least_bytes / _GIB:.1f} GiB with "
        "weights brought block by block"
    )
    return told if cost.card is None else f"{told}; the card has {cost.card.memory_bytes / _GIB:.1f} GiB"


def cheaper_by_count(cost: Cost) -> str:
    """The smallest change that saves something; "" if none does."""
    following = next(iter(cost.cheaper), None)
    return "" if following is None else f"cheaper: {following.words} would take {following.factor:.2f} of the work"
