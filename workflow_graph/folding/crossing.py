"""The links of a level as chosen nodes see them: among themselves, in from outside, out to the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ..links import Link, NodeId
from ..view import LevelView

Sides = Sequence[tuple[str, Sequence[Link]]]
"""Name of a boundary slot, and the links through it."""


class Crossing(NamedTuple):
    """The links of a level.

    Attributes:
        within: From a chosen node to a chosen one.
        entering: For each output outside that feeds chosen nodes.
        leaving: For each output of a chosen node that feeds others.
    """

    within: Sequence[Link]
    entering: Sides
    leaving: Sides


def crossing(level: LevelView, chosen: Collection[NodeId], names: Mapping[tuple[NodeId, int], str]) -> Crossing:
    """Sorts the links of a level; those of chosen nodes come by node and slot.

    Args:
        level: The level.
        chosen: Ids of nodes in it.
        names: Names of boundary slots, by node and slot of the output that the value comes from.
    """
    entering: dict[tuple[NodeId, int], list[Link]] = {}
    leaving: dict[tuple[NodeId, int], list[Link]] = {}
    within = []
    order = {node_id: place for place, node_id in enumerate(level.nodes)}
    for link in sorted(level.links.values(), key=lambda link: (order.get(link.target_id, -1), link.target_slot)):
        start, end = link.origin_id in chosen, link.target_id in chosen
        if start and end:
            within.append(link)
        elif end:
            entering.setdefault((link.origin_id, link.origin_slot), []).append(link)
        elif start:
            leaving.setdefault((link.origin_id, link.origin_slot), []).append(link)
    taken_in: set[str] = set(names.values())
    taken_out: set[str] = set(names.values())

    def target_name(link: Link) -> str:
        return level.nodes[link.target_id].inputs[link.target_slot].name.split(".")[-1]

    def origin_name(link: Link) -> str:
        return level.nodes[link.origin_id].outputs[link.origin_slot].name

    return Crossing(
        within,
        [(names.get(key) or _free(target_name(links[0]), taken_in), links) for key, links in entering.items()],
        [(names.get(key) or _free(origin_name(links[0]), taken_out), links) for key, links in leaving.items()],
    )


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    taken.add(found)
    return found
