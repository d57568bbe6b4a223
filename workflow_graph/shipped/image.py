"""audio-loop-music-video_image: the loop hands pictures on instead of latents."""

from __future__ import annotations

from dataclasses import replace

from ..building.builder import WorkflowBuilder
from . import base, canvas, image_loop, initial_render, notes, story
from .arrange import arrange
from .variant import Variant
from .video import DOCTOR

NAME = "audio-loop-music-video_image"

COST = """- **It costs** time and memory: the VAE is loaded in every window, and all pictures of the video are in memory
  until it is saved (about 4.5 MB a frame at 832x448, 20 GB for three minutes). For long songs take the default.
- **Kept on disk** is what was sampled. After a crash queue again: finished windows are decoded, not sampled.
  *Finish from checkpoint* can make a video of them too, decoded in one piece and without the colour match.
"""

ABOUT = f"""# The loop in pictures

Each window is decoded. The next one begins with its last frames, encoded again, and its colours are matched to the last
frame that both show.

- **Choose it** when colours or contrast climb from window to window, when you want to put picture nodes (upscaling, face
  repair, grading) into the loop, or to compare with older image loops.
{COST}"""

STORY = (
    story.WITH_ABOUT.off_front(DOCTOR)
    .having(2321, below=2201, names={(2321, 0): "first_pictures"})
    .having(2322, 2323, below=2012)
    .having(2324, below=2012, beside=True)
    .having(2325, 2332, 2333, below=2202, beside=True)
    .having(2326, below=2325, beside=True)
    .having(2327, 2328, below=2326, beside=True)
    .having(2329, 2330, below=story.JOIN, beside=True, names={(2330, 0): "video"})
)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    return build_variant(Variant(NAME, about=ABOUT), per_step=False)


def build_variant(variant: Variant, *, per_step: bool) -> WorkflowBuilder:
    """The loop in pictures, with or without the statistics of the initial render held at every step of the loop's sampling."""
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    initial = initial_render.add(b, common)
    pictures = image_loop.decode_initial(b, common, initial)
    rows = canvas.below(canvas.ROWS, 2101, 2105)
    rows = canvas.below(rows, 2201, 2321)
    looped_with = common
    if per_step:
        matched = b.node(
            "PerStepStatisticsMatch",
            id=2331,
            title="Hold the initial render's colours at every step",
            role="per_step_match",
            model=common.model,
            reference=initial,
            factor=0.3,
            start_percent=0.0,
            end_percent=1.0,
        )
        looped_with = replace(common, model=matched.out())
        rows = canvas.below(rows, 1539, 2331)
    looped = image_loop.add(b, looped_with, pictures)
    image_loop.save(b, common, pictures, looped)
    notes.add(b, variant)
    rows = canvas.right_of(canvas.below(rows, 1539, 2322, 2323, 2324), 2202, 2325, 2326, 2332, 2333, 2327, 2328)
    rows = canvas.below(rows, 1605, 2329, 2330)
    arrange(b, canvas.right_of(canvas.without(rows, 1604, DOCTOR), 1605, 1604))
    return b
