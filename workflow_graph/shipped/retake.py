"""audio-loop-music-video_retake: a part of a finished run is made again, and the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..building.builder import BuiltNode, Look, Wire, WorkflowBuilder
from ..folding.fold import Setting
from ..layout import Box
from . import model_path, models, notes, picture, song, story, video
from .arrange import Area, arrange
from .prompts import NEGATIVE_PROMPT

NAME = "audio-loop-music-video_retake"

HOW_TO = """# Make a part again, keep the rest

For a finished run in which one place went wrong. The part is sampled anew in **one** window; the model sees what comes before
and after it, and the joins fade over one latent frame on either side.

1. **Run**: its folder in `output/audio_loop`; empty takes the one that was changed last.
2. **Your song**: the same file as in the render.
3. **Your picture**: likewise.
4. **Make it again**: choose the *window* by its picture; or set it to -1 and say from which second of the video to which.
   Longer than a window is refused; make two retakes of it. Write a *prompt*, or leave it empty for the one that the part was
   made with.
5. **Seed**: another number than before, or the part comes out nearly the same.

The whole video is saved again. In the run, the part is a new take: the render's own workflow goes on with it, and nothing
behind it is sampled. To go back, write "7: 1" into *takes* of *Keep each window* there (window 7, first take).
"""

AREAS = (
    (
        Area("Start here", [[2101], [2102, 2104]], notes.NOTE_FRAME),
        Area("Set these five", [[2205, 565, 1527], [444], [2206]], notes.SET_FRAME),
        Area("What will happen", [[1563], [1564]]),
        Area("Models", [[414, 2014], [416, 1538], [268, 508]]),
    ),
    (
        Area("Prepare once", [[567, 2009], [447, 445, 446, 1617], [169, 507, 164]]),
        Area("The part", [[1269, 1519, 350], [1322, 153, 154, 1421], [161, 245, 655]]),
        Area("Video", [[2207], [1604], [video.DOCTOR]]),
    ),
)


_RANGE = ("window", "start_seconds", "end_seconds", "prompt")
_CHAPTERS = (
    story.MODELS_PART,
    story.part(
        story.SONG,
        "Song and what is made again",
        [[567], [2009], [2206]],
        [Setting(name, [(2206, name)]) for name in (*_RANGE, "fade_latents")],
        {(565, 0): "song", (567, 0): "audio"},
        [story.DRIVEN_SONG],
    ),
    story.part(story.PROMPTS, "Prompts and guidance", [[169, 507], [164], [508], [2104]], names={(508, 0): "model_guided"}),
    story.part(
        story.FIRST,
        "The part",
        [[447, 445, 446], [1617, 1527, 1269], [1519, 350, 1322], [153], [161], [245, 655], [2207]],
        [Setting("seed", [(1527, "value")]), Setting("picture_guide_strength", [(1269, "value")])],
        {(444, 0): "picture"},
    ),
)
STORY = story.Story(
    (
        *_CHAPTERS,
        story.part(
            story.RENDER,
            "Make it again",
            [[story.MODELS], [story.SONG], [story.PROMPTS], [story.FIRST], [1564]],
            [
                *(Setting(name, [(story.SONG, name)]) for name in _RANGE),
                *(Setting(name, [(story.FIRST, name)]) for name in ("seed", "picture_guide_strength")),
                Setting("fade_latents", [(story.SONG, "fade_latents")]),
                *(Setting(each.name, [(story.MODELS, each.name)]) for each in story.MODELS_PART.chapter.settings),
            ],
            {(444, 0): "picture", (565, 0): "song"},
            [story.DRIVEN],
        ),
    ),
    {
        2101: Box(0, 0, 400, 640),
        2205: Box(435, 0, 335, 300),
        444: Box(435, 470, 335, 290),
        565: Box(435, 890, 335, 130),
        story.RENDER: Box(850, 0, 370, 620),
        1563: Box(1275, 0, 390, 200),
        1604: Box(1275, 280, 390, 400),
        video.DOCTOR: Box(1703, 280, 245, 130),
    },
    frozenset({story.RENDER}),
)


@dataclass(frozen=True)
class _Part:
    """The run, the part of it that is made again, and the song."""

    window: BuiltNode
    audio: Wire
    video_vae: Wire
    model: Wire
    clip: Wire


def build() -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    b = WorkflowBuilder(NAME)
    part = _part(b)
    guide = picture.add(b, part.video_vae, part.window, "③ Your picture").guide
    assert guide is not None
    seed = b.node("PrimitiveInt", id=1527, title="⑤ Seed", role="seed", look=notes.SET_ME, inputs={"value": 43}).set(
        **{"control_after_generate": "fixed"}
    )
    kept = _sample(b, part, guide, seed.out())
    b.node(
        "PreviewAny", id=1564, title="What was kept", role="report", look=Look(size=(420.0, 140.0)), source=kept.out("report")
    )
    saved = b.node(
        "StreamingVideoSave",
        id=1604,
        title="Decode and save the video",
        role="video",
        look=Look(size=(520.0, 620.0)),
        latent=kept.out("latent"),
        vae=part.video_vae,
        audio=part.audio,
        fps=kept.out("fps"),
        frames=kept.out("frames"),
        filename_prefix="video/audio_loop_retake",
        format="h264-mp4",
    )
    video.look_at(b, saved)
    b.note(HOW_TO, id=2101, title="Start here", role="note_how_to", size=(520.0, 520.0))
    b.note(models.download_note(), id=2102, title="Models", role="note_models", size=(520.0, 470.0))
    b.note(notes.NEGATIVE, id=2104, title="Negative prompt", role="note_negative", size=(420.0, 330.0))
    arrange(b, AREAS)
    return b


def _part(b: WorkflowBuilder) -> _Part:
    model, clip, video_vae, audio_vae = model_path.load(b)
    run = b.node(
        "LoadLoopCheckpoint",
        id=2205,
        title="① Run",
        role="load_run",
        look=notes.SET_ME,
        run_name="",
        first=0,
        last=-1,
    )
    trim = song.load(b, "Trim (as in the render)", 0.0)
    encoded = b.node(
        "AudioLoopEncodeSong",
        id=2009,
        title="Encode the whole song once",
        role="audio_encode",
        audio=trim.out(),
        audio_vae=audio_vae,
        plan=run.out("plan"),
    )
    window = b.node(
        "LoopRetakeWindow",
        id=2206,
        title="④ What is made again",
        role="retake_window",
        look=replace(notes.SET_ME, size=(420.0, 380.0)),
        latent=run.out("latent"),
        plan=run.out("plan"),
        run_name=run.out("run_name"),
        audio_latent=encoded.out(),
        window=1,
        start_seconds=0.0,
        end_seconds=0.0,
        prompt="",
        fade_latents=1,
    )
    b.node(
        "PreviewAny", id=1563, title="The part", role="plan_text", look=Look(size=(420.0, 140.0)), source=window.out("report")
    )
    return _Part(window, trim.out(), video_vae, model, clip)


def _sample(b: WorkflowBuilder, part: _Part, guide: Wire, seed: Wire) -> BuiltNode:
    """Samples the part and keeps it in its run."""
    positive = b.node(
        "CLIPTextEncode", id=169, title="Prompt", role="first_prompt", clip=part.clip, text=part.window.out("prompt")
    )
    negative = b.node(
        "CLIPTextEncode", id=507, title="Negative prompt", role="negative_prompt", clip=part.clip, text=NEGATIVE_PROMPT
    )
    rated = b.node(
        "LTXVConditioning",
        id=164,
        role="conditioning",
        positive=positive.out(),
        negative=negative.out(),
        frame_rate=part.window.out("fps"),
    )
    strength = b.node("PrimitiveFloat", id=1269, title="Picture guide strength", role="guide_strength", value=0.7)
    guided = b.node(
        "LatentGuide",
        id=1519,
        title="Picture as a guide, one latent before the window",
        role="loop_guide",
        positive=rated.out("positive"),
        negative=rated.out("negative"),
        latent=part.window.out("video_latent"),
        guide_latent=guide,
        frame_offset=-8,
        strength=strength.out(),
    )
    joint = b.node(
        "LTXVConcatAVLatent",
        id=350,
        title="Picture and song together",
        video_latent=guided.out("latent"),
        audio_latent=part.window.out("audio_latent"),
    )
    guider = b.node(
        "CFGGuider",
        id=153,
        title="Guider (positions kept until sampled)",
        role="initial_guider",
        model=model_path.patch(b, part.model, rated.out("negative")),
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        cfg=1.0,
    )
    sampled = b.node(
        "SamplerCustomAdvanced",
        id=161,
        title="Sample the part",
        role="initial_render",
        noise=b.node("RandomNoise", id=1322, role="initial_noise", noise_seed=seed).out(),
        guider=guider.out(),
        sampler=b.node("KSamplerSelect", id=154, role="sampler", sampler_name="euler").out(),
        sigmas=b.node(
            "ManualSigmas", id=1421, title="Sigmas (8 distilled steps)", role="sigmas", sigmas=models.DISTILLED_SIGMAS
        ).out(),
        latent_image=joint.out(),
    )
    separated = b.node("LTXVSeparateAVLatent", id=245, title="Video part", av_latent=sampled.out("output"))
    cropped = b.node(
        "LTXVCropGuides",
        id=655,
        title="Take the guide off",
        role="loop_crop",
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        latent=separated.out("video_latent"),
    )
    return b.node(
        "LoopRetakeKeep",
        id=2207,
        title="Keep it in the run",
        role="retake_keep",
        retake=part.window.out("retake"),
        latent=cropped.out("latent"),
        seed_value=seed,
    )
