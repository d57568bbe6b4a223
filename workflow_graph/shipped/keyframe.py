"""audio-loop-music-video_latent_keyframe: each section of the song has a picture of its own."""

from __future__ import annotations

from dataclasses import replace

from ..building.builder import Look, Wire, WorkflowBuilder
from ..layout import Box
from . import base, canvas, extension, initial_render, loop, notes, picture, story, video
from .arrange import arrange
from .base import Base
from .picture import Prepared, Sized
from .variant import Variant

NAME = "audio-loop-music-video_latent_keyframe"

HOW_TO = notes.how_to(
    "**Second picture**: what is seen in other parts of the song.",
    "**Which picture when**: one line per entry; picture 0 is the first one, 1 the second.",
)

ABOUT = """# A picture for each section

The loop is guided by the picture that the schedule names for the window, instead of the same one from beginning to end. The
initial render starts from the picture of 0:00.

- **Choose it** for verse and chorus in different places, other clothes, another camera angle.
- **How a change looks**: a window begins with the end of the one before, so the new picture comes within its first
  seconds as a transition, not as a cut. Say it in the prompt of the same time as well.
- **Times** go to the window that is seen nearest to them; *The pictures over time* shows from when each is seen.
- **More pictures**: duplicate *Second picture* with its *Resize*, and wire it to the next input of *All pictures*.
- **Another picture or time**: sampled again are the windows from the first one that it changes.
"""

ONE_THEN_TWO = "0:00-1:15: 0\n1:15+: 1"

STORY = (
    # No room is left on the front for the doctor.
    story.DEFAULT.off_front(video.DOCTOR)
    .without(1617)
    .having(2348, 2342, below=445, names={(2341, 0): "second_picture", (2344, 0): "which_picture"})
    .having(2343, below=2342, beside=True)
    .having(2345, 2346, below=446, beside=True)
    .having(2349, below=2346)
    .having(2347, below=2012)
    .having(2105, below=story.JOIN, beside=True)
    .on_front(
        {
            2101: Box(1135, 705, 300, 390),
            444: Box(0, 0, 285, 280),
            565: Box(330, 400, 285, 130),
            1559: Box(0, 604, 615, 550),
            story.RENDER: Box(1115, 0, 320, 440),
            1564: Box(1485, 0, 430, 250),
            1604: Box(1485, 330, 430, 400),
        }
    )
    .on_front({2341: Box(330, 0, 285, 280), 2344: Box(655, 659, 400, 510)}, own=True)
    .bent((444, story.RENDER), [(308, -50), (645, -50)])
)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(NAME, how_to=HOW_TO, about=ABOUT)
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant, _pictures)
    latents, first = _scheduled(b, common)
    common = replace(common, picture=first)
    initial = initial_render.add(b, common)
    looped = _loop(b, common, initial, latents)
    video.save(b, common, video.join(b, initial, looped), doctor=None)
    notes.add(b, variant)
    rows = canvas.without(canvas.below(canvas.ROWS, 2101, 2105), 1617, video.DOCTOR)
    rows = canvas.below(canvas.right_of(rows, 1527, 2341), 2341, 2344)
    rows = canvas.below(canvas.below(canvas.below(rows, 445, 2348, 2342, 2343), 164, 2345, 2346), 1563, 2349)
    arrange(b, canvas.renamed(canvas.below(rows, 2012, 2347), "Set these four", "Set these six"))
    return b


def _pictures(b: WorkflowBuilder, _: Wire, size: Sized) -> Prepared:
    """All pictures of the user's, prepared as one batch."""
    first = picture.sized(b, picture.loaded(b, "① Your picture"), size)
    second = picture.loaded(b, "⑤ Second picture", (2341, 2348), "second_picture")
    second = picture.sized(b, second, size, id=2342, role="second_picture_resize")
    batch = b.node(
        "BatchImagesNode",
        id=2343,
        title="All pictures",
        role="pictures",
        inputs={"images.image0": first, "images.image1": second},
    )
    return Prepared(picture.prepare(b, batch.out()))


def _scheduled(b: WorkflowBuilder, common: Base) -> tuple[Wire, Wire]:
    """The encoded pictures of all windows, and the picture of the initial render."""
    schedule = b.node(
        "AudioLoopKeyframes",
        id=2344,
        title="⑥ Which picture when",
        role="picture_schedule",
        look=replace(notes.SET_ME, size=(640.0, 520.0)),
        schedule=ONE_THEN_TWO,
    )
    planner = common.song.planner
    times = {
        "schedule": schedule.out(),
        "stride_seconds": planner.out("stride_seconds"),
        "audio_duration": planner.out("audio_duration"),
        "plan": common.song.plan,
    }
    encoded = b.node(
        "KeyframeLatentScheduleBatchEncode",
        id=2345,
        title="Encode all pictures once",
        role="keyframes",
        vae=common.video_vae,
        images=common.picture,
        inputs=times,
    )
    first = b.node(
        "KeyframeImageSchedule",
        id=2346,
        title="Picture of the initial render",
        role="first_picture",
        images=common.picture,
        current_iteration=0,
        inputs=times,
    )
    b.node("PreviewAny", id=2349, title="The pictures over time", look=Look(size=(520.0, 140.0)), source=encoded.out("report"))
    return encoded.out("latent_list"), first.out("image")


def _loop(b: WorkflowBuilder, common: Base, initial: Wire, latents: Wire) -> Wire:
    turn = loop.begin(b, common, initial)
    chosen = b.node(
        "LatentSelectByIteration",
        id=2347,
        title="This iteration's picture",
        role="loop_picture",
        latent_list=latents,
        current_iteration=turn.iteration,
    )
    strength = loop.guide_strength(b)
    extended = loop.extend(common, turn, turn.previous, extension.define(b), strength=strength, guide_latent=chosen.out())
    return loop.close(b, turn, loop.keep(b, common, turn, turn.previous, extended, guide_latent=chosen.out()))
