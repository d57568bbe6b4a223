"""From the latents of all windows to the video file."""

from __future__ import annotations

from ..building.builder import BuiltNode, Look, Wire, WorkflowBuilder
from .base import Base

DOCTOR = 2600
LOOK = "Look at the video"


def join(b: WorkflowBuilder, initial: Wire, looped: Wire) -> Wire:
    """The latents of the whole video."""
    return b.node(
        "LatentConcat", id=1605, title="Initial render + loop", role="join", samples1=initial, samples2=looped, dim="t"
    ).out()


def save(
    b: WorkflowBuilder,
    base: Base,
    whole: Wire,
    title: str = "Decode and save the video",
    prefix: str = "video/audio_loop",
    id: int = 1604,
    role: str = "video",
    doctor: int | None = DOCTOR,
) -> None:
    """Decodes and saves latents piece by piece; the doctor stands behind if he has an id."""
    saved = b.node(
        "StreamingVideoSave",
        id=id,
        title=title,
        look=Look(size=(520.0, 620.0)),
        role=role,
        latent=whole,
        vae=base.video_vae,
        audio=base.song.audio,
        fps=base.song.fps.out(),
        frames=base.song.planner.out("frames"),
        filename_prefix=prefix,
        format="h264-mp4",
    )
    if doctor is not None:
        look_at(b, saved, doctor)


def look_at(b: WorkflowBuilder, saved: BuiltNode, id: int = DOCTOR) -> None:
    """The doctor behind a node that saves a video, switched off."""
    b.node("LoopDoctor", id=id, title=LOOK, role=f"doctor_of_{saved.id}", video=saved.out(), enabled=False)
