"""The first window: from the picture, with nothing before it."""

from __future__ import annotations

from ..building.builder import Wire, WorkflowBuilder
from .base import Base


def add(b: WorkflowBuilder, base: Base, strength: float = 1.0) -> Wire:
    """The video latent of the first window, kept on disk; `strength` is how much its first latent stays the picture."""
    empty = b.node(
        "EmptyLTXVLatentVideo",
        id=344,
        role="empty_video",
        width=base.size.out("width"),
        height=base.size.out("height"),
        length=base.song.planner.out("window_frames"),
        batch_size=1,
    )
    start = b.node(
        "LTXVImgToVideoInplace",
        id=531,
        title="Start from the picture",
        role="start_picture",
        vae=base.video_vae,
        image=base.picture,
        latent=empty.out(),
        strength=strength,
        bypass=False,
    )
    audio = b.node(
        "AudioLatentWindow",
        id=601,
        title="Song under the first window",
        role="initial_audio",
        audio_latent=base.song.latent,
        current_iteration=0,
        plan=base.song.plan,
    )
    zero = b.node("SolidMask", id=571, title="0 = keep the song", role="audio_mask", value=0.0, width=512, height=512)
    masked = b.node("SetLatentNoiseMask", id=570, role="initial_audio_mask", samples=audio.out(), mask=zero.out())
    joint = b.node(
        "LTXVConcatAVLatent", id=350, title="Picture and song together", video_latent=start.out(), audio_latent=masked.out()
    )
    noise = b.node("RandomNoise", id=1322, role="initial_noise", noise_seed=base.song.seed.out())
    guider = base.guider(b, 153, "initial_guider", None, base.model, base.positive, base.negative)
    sampled = b.node(
        "SamplerCustomAdvanced",
        id=161,
        title="Initial render",
        role="initial_render",
        noise=noise.out(),
        guider=guider.out(),
        sampler=base.sampler,
        sigmas=base.sigmas,
        latent_image=joint.out(),
    )
    parts = b.node("LTXVSeparateAVLatent", id=245, title="Video part", av_latent=sampled.out("output"))
    stripped = b.node("StripLatentNoiseMask", id=1606, role="initial_latent", latent=parts.out("video_latent"))
    kept = b.node(
        "IterationCheckpoint",
        id=2201,
        title="Keep the initial render",
        role="initial_checkpoint",
        latent=stripped.out(),
        plan=base.song.plan,
        current_iteration=0,
        previous_latent=start.out(),
        conditioning=base.positive,
        negative=base.negative,
        audio_latent=audio.out(),
        seed_value=base.song.seed.out(),
        inputs=base.keep,
    )
    return kept.out("latent")
