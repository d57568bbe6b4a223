"""The picture goes through LTXVPreprocess, so that it looks like a video frame to the model."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import PREPROCESS, STARTS
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

TRAINED = 18
"""Compression that the shipped graphs use; below it motion gets less (guide, "Frozen first frames")."""


@rule(
    severity=ERR,
    summary="img_compression of LTXVPreprocess is 18 or more",
    seen="the first seconds stay frozen, or move very little",
    why="the model takes a picture without compression traces for a still and holds on to it",
    mend="python scripts/workflow.py migrate FILE",
    by_hand="set img_compression of that node to 18",
)
def preprocess_compression(subject: Subject) -> Iterator[Finding]:
    """Looks at each LTXVPreprocess that reaches a sampler, and for start pictures that pass none."""
    flow = subject.flow
    for node in flow.of_type(PREPROCESS):
        value = flow.number(node, "img_compression")
        if value is None or value >= TRAINED or node.id not in subject.parts.before_samplers:
            continue
        if value <= 0:
            yield Finding(node, "img_compression is 0: the picture is passed on untouched")
        else:
            by_hand = f"set img_compression of that node to {TRAINED}"
            yield Finding(node, f"img_compression is {value:g}, less than {TRAINED}", severity=WARN, mend=by_hand)
    for node in flow.of_type(STARTS):
        picture = subject.parts.bare_picture(node, STARTS[node.type])
        if picture is not None and node.id not in subject.parts.in_loop:
            yield Finding(
                node,
                f"the picture of {picture} starts the video without LTXVPreprocess",
                severity=WARN,
                mend=f"put LTXVPreprocess (img_compression {TRAINED}) between the resized picture and that node",
            )
