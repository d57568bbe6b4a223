"""audio-loop-music-video_latent_stg: the default with spatio-temporal guidance on the model of every window."""

from __future__ import annotations

from dataclasses import replace

from ..building.builder import WorkflowBuilder
from ..folding.fold import Setting
from . import base, canvas, initial_render, loop, notes, story, video
from .arrange import arrange
from .variant import Variant

NAME = "audio-loop-music-video_latent_stg"

# SkipLayerGuidanceDiT and the PAG node act on cond and uncond of a cfg above 1, or replace whole blocks, audio included;
# this node was made for the audio-video model: it degrades self-attention of the named blocks only, and works at cfg 1.
ABOUT = """# With spatio-temporal guidance (STG)

Every step asks the model once more, with the self-attention of block 29 switched off, and steers away from that worse
answer. Shapes, faces and style hold better; it works at cfg 1 with the distilled model, and on every window alike.

- **Choose it** when details smear, hands and faces fall apart, or a drawn style turns into a photo from window to window.
- **It costs** twice the sampling time, as every step has two passes.
- **scale** 1.0 is a good start. Above 2 contrast burns; 0 switches it off, and so does a bypass (Ctrl+B).
- **blocks**: one block is enough; several ("28, 29") act stronger.
- **The negative prompt** (NAG) can be on at the same time.
"""

STORY = story.WITH_ABOUT.having(
    2301, below=508, settings=[Setting("stg_scale", [(2301, "scale")])], names={(2301, 0): "model_guided"}
)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(NAME, about=ABOUT)
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    guided = b.node(
        "LTXVSpatioTemporalGuidance",
        id=2301,
        title="Spatio-temporal guidance (STG)",
        role="stg",
        model=common.model,
        scale=1.0,
        blocks="29",
        start_percent=0.0,
        end_percent=1.0,
    )
    common = replace(common, model=guided.out())
    initial = initial_render.add(b, common)
    looped = loop.add(b, common, initial)
    video.save(b, common, video.join(b, initial, looped))
    notes.add(b, variant)
    arrange(b, canvas.below(canvas.below(canvas.ROWS, 508, 2301), 2101, 2105))
    return b
