"""audio-loop-music-video_latent: the default. One song and one picture become a video of the song's length.

Node ids that people know from guides and from older graphs are kept: 169 first prompt, 444 picture, 567 trim, 688 window,
843 extension, 1322 noise, 1539/1540 loop, 1558 schedule, 1560 planner, 1582 controller, 1604 decoder.
"""

from __future__ import annotations

from ..building.builder import WorkflowBuilder
from . import base, canvas, initial_render, loop, notes, video
from .arrange import arrange
from .variant import Variant

NAME = "audio-loop-music-video_latent"

DEFAULT = Variant(NAME)


def build(variant: Variant = DEFAULT) -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    initial = initial_render.add(b, common)
    looped = loop.add(b, common, initial)
    video.save(b, common, video.join(b, initial, looped))
    notes.add(b, variant)
    arrange(b, canvas.ROWS)
    return b
