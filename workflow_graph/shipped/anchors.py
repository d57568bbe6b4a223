"""audio-loop-music-video_anchors: every second window first, each by itself, then those between, from both sides."""

from __future__ import annotations

from ..building.builder import WorkflowBuilder
from ..folding.fold import Setting
from . import base, canvas, canvas_loop, loop, notes, story, video
from .arrange import Area, arrange
from .variant import Variant

NAME = "audio-loop-music-video_anchors"

CANVAS = 2529

ABOUT = """# Every second window first

Windows 0, 2, 4 … are made first, each by itself from picture, song and prompt. Then 1, 3, 5 …, each between two finished
windows, whose ends it sees and joins. One stage, at the size at which it is sampled.

- **Choose it** when one section must not depend on another: a change of a window costs it and the one on either side,
  however long the song is. Several machines can share a song: *windows* of the planner in *Song and plan*.
- **It may show** more difference between sections: a window knows nothing of what lies two windows before it.
- **The same work** as one window after the other. *Overlap seconds* must give 2 latents or more (0.36).
"""

ROWS = (
    canvas.ROWS[0],
    (
        canvas.ROWS[1][0],
        Area(
            "Loop: everything between open and close runs once per window",
            [
                [CANVAS, 154, 1421],
                [2513],
                [2515],
                [2516],
                [2517],
                [2518],
                [2519, 2514],
            ],
        ),
        Area("Video", [[1604], [video.DOCTOR]]),
    ),
)

_MODELS, _SONG, _PROMPTS = story.DEFAULT.parts[:3]
_PICTURE = story.part(
    story.FIRST,
    "Picture",
    [[1634, 447], [445], [446], [1617]],
    [Setting("width", [(1634, "width")]), Setting("height", [(1634, "height")])],
    {(444, 0): "picture", (1617, 0): "guide_latent"},
)
_LOOP = story.part(
    story.LOOP,
    "Loop: once per window",
    [[CANVAS, 1269], [2513], [2515], [2516], [2517], [2518], [2519, 2514]],
    [Setting("picture_guide_strength", [(1269, "value")])],
    {(2514, 0): "latent"},
)
_RENDER = story.DEFAULT.parts[-1]
STORY = story.Story(
    (
        _MODELS,
        _SONG,
        _PROMPTS,
        _PICTURE,
        _LOOP,
        _RENDER.changed([[each] for each in (story.MODELS, story.SONG, story.PROMPTS, story.FIRST, story.LOOP)]),
    ),
    story.WITH_ABOUT.front,
    story.WITH_ABOUT.own,
).setting("seed_overrides", 1560, "seed_overrides", before="picture_guide_strength")


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(NAME, about=ABOUT, order="anchors first")
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    assert common.guide is not None
    plan = common.song.plan
    empty = b.node(
        "LoopCanvas",
        id=CANVAS,
        role="canvas",
        plan=plan,
        width=common.size.out("width"),
        height=common.size.out("height"),
    )
    begun = canvas_loop.Canvas(empty.out("canvas"), common.song.planner.out("windows_to_make"), plan, common.guide)
    strength = loop.guide_strength(b)
    titles = {"one_window": "Make one window", "keep": "Keep each window", "prompt": "This iteration's prompt"}
    video.save(b, common, canvas_loop.add(b, common, begun, common.sigmas, strength=strength, **titles))
    notes.add(b, variant)
    arrange(b, canvas.below(ROWS, 2101, 2105))
    return b
