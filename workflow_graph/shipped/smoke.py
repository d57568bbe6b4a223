"""audio-loop_smoke: the default with one short window and one iteration, to see within minutes whether everything works."""

from __future__ import annotations

from ..building.builder import WorkflowBuilder
from . import music_video_latent
from .variant import Variant

NAME = "audio-loop_smoke"

NOTE = """# First try

The default workflow with a window of 4.84 s and one iteration: about 9 s of video at 448x256. Run it once to see that
models, memory and folders are in order, then open *audio-loop-music-video*.
"""


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    return music_video_latent.build(
        Variant(name=NAME, how_to=NOTE, window_seconds=4.84, overlap_seconds=0.96, max_iterations=1, width=448, height=256)
    )
