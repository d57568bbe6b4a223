"""Every shipped workflow by file name."""

from __future__ import annotations

from collections.abc import Callable

from ..building.builder import WorkflowBuilder
from ..document import Document
from . import (
    anchors,
    app,
    crossfade,
    finish_from_checkpoint,
    image,
    image_adain,
    keyframe,
    ltx25,
    music_video,
    music_video_latent,
    reanchor,
    retake,
    smoke,
    stg,
    story,
)

WORKFLOWS: dict[str, Callable[[], WorkflowBuilder]] = {
    music_video.NAME: music_video.build,
    music_video_latent.NAME: music_video_latent.build,
    stg.NAME: stg.build,
    crossfade.NAME: crossfade.build,
    anchors.NAME: anchors.build,
    reanchor.NAME: reanchor.build,
    keyframe.NAME: keyframe.build,
    ltx25.NAME: ltx25.build,
    retake.NAME: retake.build,
    image.NAME: image.build,
    image_adain.NAME: image_adain.build,
    smoke.NAME: smoke.build,
    finish_from_checkpoint.NAME: finish_from_checkpoint.build,
}

STORIES: dict[str, story.Story] = {
    music_video.NAME: music_video.STORY,
    music_video_latent.NAME: story.DEFAULT,
    stg.NAME: stg.STORY,
    crossfade.NAME: crossfade.STORY,
    anchors.NAME: anchors.STORY,
    reanchor.NAME: reanchor.STORY,
    keyframe.NAME: keyframe.STORY,
    ltx25.NAME: ltx25.STORY,
    retake.NAME: retake.STORY,
    image.NAME: image.STORY,
    image_adain.NAME: image_adain.STORY,
    smoke.NAME: story.DEFAULT,
    finish_from_checkpoint.NAME: finish_from_checkpoint.STORY,
}
"""How they are folded."""


def canvas(name: str) -> Document:
    """The UI form as it is shipped: folded into its story, and an app as well."""
    return app.with_app(story.told(WORKFLOWS[name]().workflow(), STORIES[name]))
