"""Every shipped workflow by file name."""

from __future__ import annotations

from collections.abc import Callable

from ..builder import WorkflowBuilder
from . import music_video_latent

WORKFLOWS: dict[str, Callable[[], WorkflowBuilder]] = {
    music_video_latent.NAME: music_video_latent.build,
}
