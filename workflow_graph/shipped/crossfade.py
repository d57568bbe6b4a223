"""audio-loop-music-video_latent_crossfade: windows that meet in a blend of latents.

In the default all shared latents are context and stay as they are, so there is nothing to blend. Here only the first of
them are: the others are sampled anew, and for the moments that both windows have shown, one fades into the other. Each
iteration blends its window onto all that was made before and gives the whole, so the loop's last result is the video:
`window + iterations x (window - overlap)` latents, the same number as in the default, and just the initial render if
the song needs no iteration.
"""

from __future__ import annotations

from ..building.builder import Wire, WorkflowBuilder
from . import base, canvas, extension, initial_render, loop, notes, story, video
from .arrange import arrange
from .base import Base
from .variant import Variant

NAME = "audio-loop-music-video_latent_crossfade"

ABOUT = """# Windows that blend

The default hands the last 1.96 s over unchanged and goes on from there. Here the next window gets only the first part of
them as they are (**context_latents** on *Extension*, 3 of 7), makes the rest anew, and the two versions fade into each other.

- **Choose it** when you see a jolt where windows meet: a movement that stops and starts again, a change of light.
- **It may show** a short double image where fast movement differs in the two versions. More context: fewer of them, less blend.
- **More overlap** (3.0) gives a longer fade.
- The latents of the whole video are copied once per window. That is little beside the model: about 23 kB per frame at 832x448.
- What is kept on disk are whole windows. Queue this workflow again to finish a run after a crash.
"""

STORY = (
    story.WITH_ABOUT.having(2302, below=2012)
    .having(2303, below=2202, beside=True)
    .setting("context_latents", 843, "context_latents")
    .without(story.JOIN)
    .naming(story.LOOP, {(story.LOOP, 0): "latent"})
)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(NAME, about=ABOUT)
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    initial = initial_render.add(b, common)
    video.save(b, common, _loop(b, common, initial))
    notes.add(b, variant)
    rows = canvas.without(canvas.below(canvas.ROWS, 2101, 2105), 1605)
    arrange(b, canvas.right_of(canvas.below(rows, 2012, 2302), 2202, 2303))
    return b


def _loop(b: WorkflowBuilder, common: Base, initial: Wire) -> Wire:
    """The latents of the whole video."""
    turn = loop.begin(b, common, initial)
    tail = b.node(
        "LatentContextExtract",
        id=2302,
        title="End of what was made",
        role="tail",
        latent=turn.previous,
        overlap_latent_frames=turn.overlap,
    ).out()
    strength = loop.guide_strength(b)
    definition = extension.define(b, context=_first_of_tail, finish=_whole)
    window = loop.extend(common, turn, tail, definition, strength=strength)
    blended = b.node(
        "LatentOverlapCrossfade",
        id=2303,
        title="Blend onto what was made",
        role="crossfade",
        previous=turn.previous,
        latent=loop.keep(b, common, turn, tail, window),
        overlap_latent_frames=turn.overlap,
        curve="smooth",
    )
    return loop.close(b, turn, blended.out(), accumulate=False)


def _first_of_tail(inside: extension.Inside) -> Wire:
    """The part of the shared latents that stays as it is."""
    amount = inside.graph.input("context_latents", "INT", default=3)
    return inside.graph.node(
        "LatentCut",
        id=2304,
        title="Context: the first of the shared latents",
        role="context_part",
        samples=extension.tail(inside),
        dim="t",
        index=0,
        amount=amount,
    ).out()


def _whole(_: extension.Inside, cropped: Wire) -> Wire:
    """The whole window: what it shares with the one before is blended, not cut."""
    return cropped
