"""audio-loop_finish-from-checkpoint: a run's windows from disk into a video, without sampling and without the 22B model."""

from __future__ import annotations

from ..building.builder import Look, WorkflowBuilder
from ..folding.fold import Setting
from ..layout import Box
from . import models, notes, song, story, video
from .arrange import Area, arrange

NAME = "audio-loop_finish-from-checkpoint"

NOTE = """# Finish a run from disk

Makes the video of what a run has on disk: after a crash in the last step, to try another format, or to look at a part of a
render that is not finished.

1. **Run**: its folder in `output/audio_loop`; empty takes the one that was changed last.
2. **Your song**: the same file as in the render.

Nothing is sampled, and only the VAE of the checkpoint is loaded.
"""

STORY = story.Story(
    [
        story.part(
            story.RENDER,
            "Song and decoder",
            [[567, 414]],
            [Setting("checkpoint", [(414, "ckpt_name")])],
            {(565, 0): "song", (2205, 2): "start_seconds", (567, 0): "audio", (414, 0): "video_vae"},
        )
    ],
    {
        2101: Box(0, 0, 360, 430),
        2205: Box(420, 0, 350, 350),
        565: Box(420, 500, 350, 120),
        story.RENDER: Box(840, 500, 330, 140),
        1563: Box(1240, 0, 450, 200),
        1604: Box(1240, 300, 390, 400),
        video.DOCTOR: Box(1670, 300, 260, 130),
    },
)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    b = WorkflowBuilder(NAME)
    run = b.node(
        "LoadLoopCheckpoint",
        id=2205,
        title="① Run",
        role="load_run",
        look=notes.SET_ME,
        run_name="",
        first=0,
        last=-1,
    )
    trim = song.load(b, "From where the part begins", run.out("start_seconds"))
    vae = b.node(
        "CheckpointVideoVAE",
        id=414,
        role="video_vae",
        models=[models.FILES[models.CHECKPOINT]],
        ckpt_name=models.CHECKPOINT,
    )
    b.node("PreviewAny", id=1563, title="What is on disk", look=Look(size=(420.0, 140.0)), source=run.out("report"))
    saved = b.node(
        "StreamingVideoSave",
        id=1604,
        title="Decode and save the video",
        role="video",
        look=Look(size=(520.0, 620.0)),
        latent=run.out("latent"),
        vae=vae.out(),
        audio=trim.out(),
        fps=run.out("fps"),
        frames=run.out("frames"),
        filename_prefix="video/audio_loop_finished",
        format="h264-mp4",
    )
    video.look_at(b, saved)
    b.note(NOTE, id=2101, title="Start here", role="note_how_to", size=(460.0, 330.0))
    arrange(
        b,
        (
            (
                Area("Start here", [[2101]], notes.NOTE_FRAME),
                Area("Set these two", [[2205, 565]], notes.SET_FRAME),
                Area("Video", [[414, 567, 1563], [1604], [video.DOCTOR]]),
            ),
        ),
    )
    return b
