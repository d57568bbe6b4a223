"""The part of a song's file that a graph lets the model hear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..workflow_graph.reading.flow import Flow, FlowNode
from .planning import planner_of

_TRIM, _LOADER, _ENCODER = "TrimAudioDuration", "LoadAudio", "AudioLoopEncodeSong"
_UNCHANGED = frozenset({_TRIM, _LOADER, "AudioPadToPlan"})
"""Nodes that leave the sound as it is."""


@dataclass(frozen=True)
class HeardSong:
    """A file, and what is left of it on the way to the model.

    Attributes:
        loader: The node that loads it.
        name: The file's name as the loader has it.
        start_seconds: Where the part begins that is used.
        end_seconds: Where it ends at the latest; None for the file's end.
        is_changed: Whether a node on the way makes another sound of it, such as a preparation or a separation.
    """

    loader: FlowNode
    name: str
    start_seconds: Fraction
    end_seconds: Fraction | None
    is_changed: bool


def heard_song(flow: Flow) -> HeardSong | None:
    """The song that the mouth follows; None if no file is named in the graph.

    That is the one that drives the encoder; in graphs without that node the planner's.
    """
    way = list(_way(flow))
    if not way or way[-1].type != _LOADER:
        return None
    loader = way[-1]
    name = flow.value(loader, "audio")
    if not isinstance(name, str) or not name:
        return None
    start, end = Fraction(0), None
    for node in reversed(way):
        if node.type != _TRIM:
            continue
        index, duration = flow.number(node, "start_index") or 0, flow.number(node, "duration")
        if index < 0:
            # It counts from the end, which is known once the file is read.
            return HeardSong(loader, name, Fraction(0), None, any(each.type not in _UNCHANGED for each in way))
        start += Fraction(index)
        cut = None if duration is None else start + Fraction(duration)
        end = cut if end is None or (cut is not None and cut < end) else end
    return HeardSong(loader, name, start, end, any(each.type not in _UNCHANGED for each in way))


def _way(flow: Flow) -> Iterator[FlowNode]:
    """The nodes that the song comes through, the encoder's or the planner's neighbour first."""
    encoder = next(iter(flow.of_type(_ENCODER)), None)
    if encoder is not None:
        node = flow.feeding(encoder, "driving_audio") or flow.feeding(encoder, "audio")
    else:
        planner = planner_of(flow)
        node = None if planner is None else flow.feeding(planner, "audio")
    seen: set[str] = set()
    while node is not None and node.id not in seen:
        seen.add(node.id)
        yield node
        node = flow.feeding(node, "audio")
