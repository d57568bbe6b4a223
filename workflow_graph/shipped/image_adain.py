"""audio-loop-music-video_image_adain_perstep: the loop in pictures, held near the initial render at every sampling step."""

from __future__ import annotations

from ..building.builder import WorkflowBuilder
from ..folding.fold import Setting
from . import image
from .variant import Variant

NAME = "audio-loop-music-video_image_adain_perstep"

ABOUT = f"""# The loop in pictures, colours held at every step

As *image*: each window is decoded, and the next one begins with its last frames, encoded again. In addition every step of the
loop's sampling is drawn towards the mean and spread of the initial render, channel by channel.

- **Choose it** when the colour match of *image* is not enough: windows that grow brighter or more saturated **within**
  their 20 s.
- **factor** 0.3 is moderate; 1 forces every window to the light of the first, also where a prompt asks for night. 0 is off.
- **end_percent** below 1 leaves the last steps free for detail.
{image.COST}"""

STORY = image.STORY.having(2331, below=1539, settings=[Setting("colours_held", [(2331, "factor")])])


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    return image.build_variant(Variant(NAME, about=ABOUT), per_step=True)
