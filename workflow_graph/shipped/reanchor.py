"""audio-loop-music-video_latent_reanchor: the picture guides each window at several of its frames."""

from __future__ import annotations

from collections.abc import Sequence

from ..building.builder import BuiltNode, Wire, WorkflowBuilder
from . import base, canvas, extension, initial_render, loop, notes, story, video
from .arrange import arrange
from .base import Base
from .variant import Variant

NAME = "audio-loop-music-video_latent_reanchor"

# Quarters of the default window of 497 frames, each on the first frame of a latent.
ANCHORS_PX: Sequence[int] = (121, 241, 361)

ABOUT = """# The picture, several times in each window

The default shows the picture to each window once, just before its first frame. Here it comes back inside the window too, at
frames **121, 241 and 361** (about every 5 s), less strongly, and the colours of each window are drawn towards those of the
initial render.

- **Choose it** when face, clothes or style wander off over the windows, for example a drawing that becomes a photo.
- **It costs** movement: the subject keeps returning to the pose of the picture. Lower **anchor_strength** (0.3) where it looks
  pinned; 0.5 holds a difficult style.
- **Frames of the anchors** are widgets on *Extension*, counted from the window's first. For a shorter window set them to
  about 1/4, 1/2 and 3/4 of its frames.
- **Colours**: *factor* of *Keep the colours* inside the Extension; 0 switches it off.
- With scene changes in the prompts take *latent_keyframe*, or the default.
"""

STORY = story.WITH_ABOUT.setting("anchor_strength", 843, "anchor_strength")


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(NAME, about=ABOUT)
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    initial = initial_render.add(b, common)
    looped = _loop(b, common, initial)
    video.save(b, common, video.join(b, initial, looped))
    notes.add(b, variant)
    arrange(b, canvas.below(canvas.ROWS, 2101, 2105))
    return b


def _loop(b: WorkflowBuilder, common: Base, initial: Wire) -> Wire:
    turn = loop.begin(b, common, initial)
    strength = loop.guide_strength(b)
    definition = extension.define(b, guides=_anchors, finish=_near_reference)
    extended = loop.extend(common, turn, turn.previous, definition, strength=strength, reference_latent=initial)
    return loop.close(b, turn, loop.keep(b, common, turn, turn.previous, extended))


def _anchors(inside: extension.Inside, window: BuiltNode) -> BuiltNode:
    """The guide before the window, and the same picture at frames inside it."""
    s = inside.graph
    guided = extension.guide_before(inside, window)
    strength = s.input("anchor_strength", "FLOAT", default=0.3)
    for number, frame in enumerate(ANCHORS_PX, 1):
        guided = s.node(
            "LatentGuide",
            id=2310 + number,
            title=f"Picture again, anchor {number}",
            role=f"anchor_{number}",
            positive=guided.out("positive"),
            negative=guided.out("negative"),
            latent=guided.out("latent"),
            guide_latent=inside.guide,
            frame_offset=s.input(f"anchor_{number}_frame", "INT", default=frame),
            strength=strength,
        )
    return guided


def _near_reference(inside: extension.Inside, cropped: Wire) -> Wire:
    """The new part of the window, its colours drawn towards the initial render's."""
    matched = inside.graph.node(
        "LatentStatisticsMatch",
        id=2006,
        title="Keep the colours",
        role="statistics",
        latent=cropped,
        reference=inside.graph.input("reference_latent", "LATENT"),
        factor=0.2,
        per_frame=False,
    )
    return extension.only_new(inside, matched.out())
