"""The loop over pictures instead of latents: each window is decoded, and the next one begins with its encoded last frames.

The extension is the default's. The context that it gets is the encoded tail, so a window's latents are those of a clip of its
own, `context + new`; decoded they give `window` frames, of which the first `overlap` repeat the tail and are cut. So the
pictures are `window + iterations x stride` frames, as in the default, and what is kept on disk are the same new latents.
"""

from __future__ import annotations

from ..building.builder import Look, Wire, WorkflowBuilder
from . import extension, loop
from .base import Base
from .loop import Turn

TO_THE_END = 4096
"""Frames; longer than any window, and the most that ImageFromBatch takes as a number."""


def decode_initial(b: WorkflowBuilder, base: Base, initial: Wire) -> Wire:
    """The pictures of the first window."""
    return b.node(
        "VAEDecode", id=2321, title="Decode the first window", role="initial_decode", samples=initial, vae=base.video_vae
    ).out()


def add(b: WorkflowBuilder, base: Base, pictures: Wire) -> Wire:
    """The pictures of all iterations, joined; `pictures` are those of the first window."""
    turn = loop.begin(b, base, pictures)
    tail = _tail(b, turn)
    context = b.node(
        "VAEEncode", id=2324, title="Encode them as context", role="context_encode", pixels=tail, vae=base.video_vae
    ).out()
    strength = loop.guide_strength(b)
    extended = loop.extend(base, turn, context, extension.define(b), strength=strength)
    kept = loop.keep(b, base, turn, context, extended)
    return loop.close(b, turn, _new_pictures(b, base, turn, tail, context, kept))


def _tail(b: WorkflowBuilder, turn: Turn) -> Wire:
    """The last frames of what was made, as many as windows share."""
    frames = turn.controller.out("overlap_frames")
    index = b.node(
        "ComfyMathExpression",
        id=2322,
        title="Counted from the end",
        role="tail_index",
        inputs={"expression": "-a", "values.a": frames},
    )
    return b.node(
        "ImageFromBatch",
        id=2323,
        title="Last frames of the window before",
        role="tail",
        image=turn.previous,
        batch_index=index.out("INT"),
        length=frames,
    ).out()


def _new_pictures(b: WorkflowBuilder, base: Base, turn: Turn, tail: Wire, context: Wire, kept: Wire) -> Wire:
    """The frames that an iteration adds."""
    window = b.node(
        "LatentConcat", id=2325, title="Context + new = a clip", role="clip", samples1=context, samples2=kept, dim="t"
    )
    decoded = b.node(
        "VAEDecode", id=2326, title="Decode the window", role="loop_decode", samples=window.out(), vae=base.video_vae
    )
    return b.node(
        "ImageFromBatch",
        id=2328,
        title="Only new frames",
        role="loop_trim_pictures",
        image=_coloured_as(b, turn, tail, decoded.out()),
        batch_index=turn.controller.out("overlap_frames"),
        length=TO_THE_END,
    ).out()


def _coloured_as(b: WorkflowBuilder, turn: Turn, tail: Wire, pictures: Wire) -> Wire:
    """The window in the colours of the one before, measured on the last frame that both show."""
    index = b.node(
        "ComfyMathExpression",
        id=2332,
        title="Which frame that is here",
        role="shared_index",
        inputs={"expression": "a - 1", "values.a": turn.controller.out("overlap_frames")},
    )
    reference = b.node(
        "ImageFromBatch", id=2333, title="Last frame of the window before", role="shared", image=tail, batch_index=-1, length=1
    )
    return b.node(
        "ColorTransfer",
        id=2327,
        title="Match colours to the window before",
        role="colour_match",
        inputs={
            "image_target": pictures,
            "image_ref": reference.out(),
            "method": "reinhard_lab",
            "source_stats": "target_frame",
            "source_stats.target_index": index.out("INT"),
            "strength": 1.0,
        },
    ).out()


def save(b: WorkflowBuilder, base: Base, pictures: Wire, looped: Wire) -> None:
    """Joins the pictures, cuts them where the song ends, and saves the video."""
    whole = b.node(
        "BatchImagesNode",
        id=1605,
        title="First window + loop",
        role="join",
        inputs={"images.image0": pictures, "images.image1": looped},
    )
    frames = b.node(
        "ImageFromBatch",
        id=2329,
        title="Up to the end of the song",
        role="cut",
        image=whole.out(),
        batch_index=0,
        length=base.song.planner.out("frames"),
    )
    video = b.node(
        "CreateVideo",
        id=2330,
        role="video_parts",
        images=frames.out(),
        audio=base.song.audio,
        fps=base.song.fps.out(),
    )
    b.node(
        "SaveVideo",
        id=1604,
        title="Save the video",
        role="video",
        look=Look(size=(520.0, 620.0)),
        inputs={
            "video": video.out(),
            "filename_prefix": "video/audio_loop",
            "format": "mp4",
            "format.codec": "h264",
        },
    )
