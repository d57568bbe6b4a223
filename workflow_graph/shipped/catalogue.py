"""Every shipped workflow by file name."""

from __future__ import annotations

from collections.abc import Callable

from ..building.builder import WorkflowBuilder
from . import crossfade, finish_from_checkpoint, image, image_adain, keyframe, music_video_latent, reanchor, retake, smoke, stg

WORKFLOWS: dict[str, Callable[[], WorkflowBuilder]] = {
    music_video_latent.NAME: music_video_latent.build,
    stg.NAME: stg.build,
    crossfade.NAME: crossfade.build,
    reanchor.NAME: reanchor.build,
    keyframe.NAME: keyframe.build,
    retake.NAME: retake.build,
    image.NAME: image.build,
    image_adain.NAME: image_adain.build,
    smoke.NAME: smoke.build,
    finish_from_checkpoint.NAME: finish_from_checkpoint.build,
}
