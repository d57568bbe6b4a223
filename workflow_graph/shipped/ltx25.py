"""audio-loop-music-video_ltx25: the default with LTX 2.5, loaded and sampled as by ComfyUI's own template.

What differs from LTX 2.3 and why is in docs/ltx25.md. Windows have no picture guide: to this model each guide is a keyframe
to reach, so the song's picture would come back in every window. A window goes on from what it carries, behind a lead-in
(`loop_control.model_facts`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..building.builder import BuiltNode, GraphBuilder, Wire, WorkflowBuilder
from ..folding.fold import Setting
from . import base, canvas, extension, initial_render, loop, models_ltx25, notes, picture, story, video
from .arrange import arrange
from .family import Family, Loaded
from .picture import Prepared, Sized
from .variant import Variant

NAME = "audio-loop-music-video_ltx25"

ABOUT = """# LTX 2.5

The newest LTX, in ComfyUI since 0.32. Other files than LTX 2.3: see *Models*.

- **Why**: by Lightricks' word sharper faces, letters and fast movement, most of all with the decoder that denoises.
- **Your picture is the first frame only.** LTX 2.5 takes every guide for a frame to reach: the picture would come back in
  every window. So describe the singer in each section of the prompts, in the same words.
- **A window begins with a picture of its own**, which is thrown away: so what it goes on from stays the middle of a movement.
- **24 frames per second**, as it was trained.
- Lips: say in the prompt that the singer sings; people report weaker lip sync to a given song than with LTX 2.3.
"""

HOW_IT_WORKS = """## How it works

The initial render makes the first window (19.71 s). Each iteration of the loop then sees the last 2 s of what was made, its
part of the song and its prompt, and adds 17.67 s. The loop ends where the song ends; the video gets the original song and
exactly its length.

- **More overlap** (3.0): smoother joins, a little slower.
- **Less memory**: a smaller video size (a multiple of 32).
- **A quick test**: set *max_iterations* of the planner to 1.
- **Times of prompts** go to the window that is seen nearest to them; *The plan* says from when each is seen.
"""

# 7 latents at 24 fps: of those, 6 are seen behind the lead-in, which are 2 s.
OVERLAP_SECONDS = 2.3


def _load(b: WorkflowBuilder) -> Loaded:
    files = models_ltx25.FILES
    model = b.node(
        "UNETLoader",
        id=2501,
        role="diffusion_model",
        models=[files[models_ltx25.DIFFUSION_MODEL]],
        unet_name=models_ltx25.DIFFUSION_MODEL,
        weight_dtype="default",
    )
    clip = b.node(
        "CLIPLoader",
        id=2502,
        role="text_encoder",
        models=[files[models_ltx25.TEXT_ENCODER]],
        clip_name=models_ltx25.TEXT_ENCODER,
        type="ltxv",
        device="default",
    )
    video_vae, audio_vae = (
        b.node("VAELoader", id=node_id, title=title, role=role, models=[files[name]], vae_name=name)
        for node_id, title, role, name in (
            (2503, "Video VAE", "video_vae", models_ltx25.VIDEO_VAE),
            (2504, "Audio VAE", "audio_vae", models_ltx25.AUDIO_VAE),
        )
    )
    facts = b.node(
        "AudioLoopModelFacts",
        id=2505,
        role="model_facts",
        model=model.out(),
        video_vae=video_vae.out(),
        audio_vae=audio_vae.out(),
    )
    return Loaded(model.out(), clip.out(), video_vae.out(), audio_vae.out(), facts.out("model_facts"))


def _dual_guider(
    graph: GraphBuilder, node_id: int, role: str, title: str | None, model: Wire, positive: Wire, negative: Wire
) -> BuiltNode:
    wires = {"model": model, "positive": positive, "negative": negative}
    return graph.node("LTXVDualCFGGuider", id=node_id, title=title, role=role, inputs=wires, video_cfg=1.0, audio_cfg=1.0)


LTX_25 = Family(_load, _dual_guider, "euler_ancestral", 24.0)


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    variant = Variant(
        NAME,
        about=ABOUT,
        how_it_works=HOW_IT_WORKS,
        models_note=models_ltx25.download_note(),
        overlap_seconds=OVERLAP_SECONDS,
        family=LTX_25,
    )
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant, _picture)
    initial = initial_render.add(b, common)
    turn = loop.begin(b, common, initial)
    definition = extension.define(b, guides=None, guider=common.guider)
    extended = loop.extend(common, turn, turn.previous, definition)
    looped = loop.close(b, turn, loop.keep(b, common, turn, turn.previous, extended))
    video.save(b, common, video.join(b, initial, looped))
    notes.add(b, variant)
    rows = canvas.without(canvas.below(canvas.ROWS, 2101, 2105), 1617, 1269)
    rows = canvas.below(canvas.below(canvas.below(rows, 414, 2501, 2502), 416, 2503, 2504), 2504, 2505)
    arrange(b, canvas.without(rows, 414, 2014, 416, 1538))
    return b


def _picture(b: WorkflowBuilder, _: Wire, size: Sized) -> Prepared:
    sized = picture.sized(b, picture.loaded(b, "① Your picture"), size)
    return Prepared(picture.prepare(b, sized, "Prepare as a frame of a video"))


_OF_LTX_23 = {setting.name for setting in story.MODELS_PART.chapter.settings}
_MODELS = story.part(
    story.MODELS,
    "Models",
    [[2501, 2502], [2503, 2504], [2505], [268, 154, 1421], [2102]],
    [
        Setting("diffusion_model", [(2501, "unet_name")]),
        Setting("text_encoder", [(2502, "clip_name")]),
        Setting("video_vae", [(2503, "vae_name")]),
        Setting("audio_vae", [(2504, "vae_name")]),
    ],
    {
        **{(268, 0): "model", (2502, 0): "clip", (2503, 0): "video_vae", (2504, 0): "audio_vae"},
        **{(154, 0): "sampler", (2505, 0): "model_facts"},
    },
)


def _told() -> story.Story:
    told = story.WITH_ABOUT.without(1617).without(1269)
    parts = [_MODELS if each.node_id == story.MODELS else _without(each, {"picture_guide_strength"}) for each in told.parts]
    *chapters, render = parts
    own = [Setting(each.name, [(story.MODELS, each.name)]) for each in _MODELS.chapter.settings]
    render = _without(render, _OF_LTX_23)
    chapter = replace(render.chapter, settings=[*render.chapter.settings, *own])
    return replace(told, parts=[*chapters, replace(render, chapter=chapter)])


def _without(part: story.Part, names: Iterable[str]) -> story.Part:
    """The part without settings of these names."""
    left = [setting for setting in part.chapter.settings if setting.name not in set(names)]
    return replace(part, chapter=replace(part.chapter, settings=left))


STORY = _told()
