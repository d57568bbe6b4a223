"""Every shipped workflow by file name."""

from __future__ import annotations

from collections.abc import Callable

from ..building.builder import WorkflowBuilder
from ..document import Document
from . import (
    app,
    crossfade,
    finish_from_checkpoint,
    image,
    image_adain,
    keyframe,
    music_video_latent,
    reanchor,
    retake,
    smoke,
    stg,
    story,
)

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


def canvas(name: str) -> Document:
    """The UI form as it is shipped: folded into the story if it has the nodes of the default, else flat; an app as well."""
    flat = WORKFLOWS[name]().workflow()
    return app.with_app(story.folded(flat) if name in (music_video_latent.NAME, smoke.NAME) else flat)
