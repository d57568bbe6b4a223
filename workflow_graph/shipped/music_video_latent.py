"""audio-loop-music-video_latent: the default. One song and one picture become a video of the song's length.

Node ids that people know from guides and from older graphs are kept: 169 first prompt, 444 picture, 567 trim, 688 window,
843 extension, 1322 noise, 1539/1540 loop, 1558 schedule, 1560 planner, 1582 controller, 1604 decoder.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..builder import Node, Output, SubgraphBuilder, WorkflowBuilder
from . import models, notes
from .arrange import Area, arrange

NAME = "audio-loop-music-video_latent"

FIRST_PROMPT = (
    "0:00+: Style: cinematic. A singer with short dark hair in a green jacket is singing, medium close-up, "
    "static camera, locked off shot, soft stage light."
)
NEGATIVE_PROMPT = "pc game, console game, video game, cartoon, childish, ugly"

AREAS = (
    (
        Area("Start here", [[2101], [2103, 2102]], notes.NOTE_FRAME),
        Area("Set these four", [[444, 565], [1559, 1527]], notes.SET_FRAME),
        Area("Plan (runs first, shows what will happen)", [[1560], [1563], [1564]]),
        Area("Size and time", [[1634, 688, 2013], [526, 567, 1269], [2203, 2204]]),
        Area("Models", [[414, 2014], [416, 1538]]),
    ),
    (
        Area("Prepare once", [[445, 446, 1617], [568, 2009, 507], [1558, 169, 164]]),
        Area("Initial render", [[344, 531, 601], [571, 570, 350, 1322], [154, 1421, 153, 161], [245, 1606, 2201]]),
        Area(
            "Loop: everything between open and close runs once per window", [[1539], [1582, 1616, 2012], [843], [2202], [1540]]
        ),
        Area("Video", [[1605, 1604]]),
    ),
)


@dataclass(frozen=True)
class Variant:
    """What a variant sets differently.

    Attributes:
        name: Of the workflow.
        how_to: Text of the first note.
        window_seconds: Target window.
        overlap_seconds: Target overlap.
        max_iterations: Limit of iterations, 0 for none.
        width: Of the video, in pixels.
        height: Of the video, in pixels.
    """

    name: str = NAME
    how_to: str = notes.HOW_TO
    window_seconds: float = 19.88
    overlap_seconds: float = 2.0
    max_iterations: int = 0
    width: int = 832
    height: int = 448


def build(variant: Variant = Variant()) -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    b = WorkflowBuilder(variant.name)
    model, clip, video_vae, audio_vae = _models(b)
    size = b.node("AudioLoopVideoSize", id=1634, title="Video size", role="size", width=variant.width, height=variant.height)
    picture, guide = _picture(b, video_vae, size)
    song = _Song(b, audio_vae, variant)
    positive, negative, conditioning_list = _prompts(b, clip, song)
    sampler = b.node("KSamplerSelect", id=154, role="sampler", sampler_name="euler")
    sigmas = b.node("ManualSigmas", id=1421, title="Sigmas (8 distilled steps)", role="sigmas", sigmas=models.DISTILLED_SIGMAS)
    shared = _Shared(model, negative, sampler.out(), sigmas.out(), guide)
    keep = _keep(b)
    initial = _initial_render(b, song, shared, positive, picture, size, video_vae, keep)
    looped = _loop(b, song, shared, initial, conditioning_list, keep)
    _video(b, song, initial, looped, video_vae)
    notes.add(b, variant.how_to)
    arrange(b, AREAS)
    return b


class _Shared:
    """What the initial render and the loop both use."""

    def __init__(self, model: Output, negative: Output, sampler: Output, sigmas: Output, guide: Output) -> None:
        self.model, self.negative, self.sampler, self.sigmas, self.guide = model, negative, sampler, sigmas, guide


class _Song:
    """The song, its plan and its encoded form."""

    def __init__(self, b: WorkflowBuilder, audio_vae: Output, variant: Variant) -> None:
        load = b.node(
            "LoadAudio", id=565, title="② Your song", role="song", audio="song.mp3", color=notes.SET_ME, size=(360.0, 140.0)
        )
        trim = b.node(
            "TrimAudioDuration",
            id=567,
            title="Trim (start 0 = whole song)",
            role="trim",
            audio=load.out(),
            start_index=0.0,
            duration=86400.0,
        )
        self.seed = b.node("PrimitiveInt", id=1527, title="④ Seed", role="seed", color=notes.SET_ME, inputs={"value": 42}).set(
            **{"control_after_generate": "fixed"}
        )
        self.window = b.node("PrimitiveFloat", id=688, title="Window (seconds)", role="window", value=variant.window_seconds)
        self.overlap = b.node(
            "PrimitiveFloat", id=2013, title="Overlap (seconds)", role="overlap", value=variant.overlap_seconds
        )
        self.fps = b.node("PrimitiveFloat", id=526, title="Frames per second", role="fps", value=25.0)
        self.schedule = b.node(
            "PrimitiveStringMultiline",
            id=1559,
            title="③ Prompts over time",
            role="schedule_text",
            color=notes.SET_ME,
            size=(520.0, 260.0),
            value=FIRST_PROMPT,
        )
        self.audio = trim.out()
        self.planner = b.node(
            "AudioLoopPlanner",
            id=1560,
            role="planner",
            audio=self.audio,
            window_seconds=self.window.out(),
            overlap_seconds=self.overlap.out(),
            fps=self.fps.out(),
            max_iterations=variant.max_iterations,
            schedule=self.schedule.out(),
            last_window="full",
            base_seed=self.seed.out(),
        )
        self.plan = self.planner.out("plan")
        padded = b.node("AudioPadToPlan", id=568, role="pad", audio=self.audio, plan=self.plan)
        encode = b.node(
            "LTXVAudioVAEEncode",
            id=2009,
            title="Encode the whole song once",
            role="audio_encode",
            audio=padded.out(),
            audio_vae=audio_vae,
        )
        self.latent = encode.out()
        b.node(
            "PreviewAny", id=1563, title="The plan", role="plan_text", size=(520.0, 420.0), source=self.planner.out("summary")
        )
        b.node(
            "PreviewImage", id=1564, title="The windows over the song", size=(560.0, 420.0), images=self.planner.out("timeline")
        )


def _models(b: WorkflowBuilder) -> tuple[Output, Output, Output, Output]:
    checkpoint = b.node(
        "CheckpointLoaderSimple",
        id=414,
        role="checkpoint",
        models=[models.FILES[models.CHECKPOINT]],
        ckpt_name=models.CHECKPOINT,
    )
    lora = b.node(
        "LoraLoaderModelOnly",
        id=2014,
        title="Distilled LoRA",
        role="distilled_lora",
        models=[models.FILES[models.DISTILLED_LORA]],
        model=checkpoint.out("MODEL"),
        lora_name=models.DISTILLED_LORA,
        strength_model=0.5,
    )
    clip = b.node(
        "LTXAVTextEncoderLoader",
        id=416,
        role="text_encoder",
        models=[models.FILES[models.TEXT_ENCODER]],
        text_encoder=models.TEXT_ENCODER,
        ckpt_name=models.CHECKPOINT,
        device="default",
    )
    audio_vae = b.node("LTXVAudioVAELoader", id=1538, role="audio_vae", ckpt_name=models.CHECKPOINT)
    return lora.out(), clip.out(), checkpoint.out("VAE"), audio_vae.out()


def _picture(b: WorkflowBuilder, video_vae: Output, size: Node) -> tuple[Output, Output]:
    """The prepared picture, and the same picture encoded as the loop's guide."""
    load = b.node(
        "LoadImage",
        id=444,
        title="① Your picture",
        role="picture",
        image="example.png",
        color=notes.SET_ME,
        size=(360.0, 380.0),
    )
    resize = b.node(
        "ResizeImageMaskNode",
        id=445,
        title="Resize and crop",
        role="resize",
        inputs={
            "input": load.out("IMAGE"),
            "resize_type": "scale dimensions",
            "resize_type.width": size.out("width"),
            "resize_type.height": size.out("height"),
            "resize_type.crop": "center",
            "scale_method": "lanczos",
        },
    )
    prepared = b.node(
        "LTXVPreprocess",
        id=446,
        title="Prepare (both for the start and for the loop)",
        role="preprocess",
        image=resize.out(),
        img_compression=18,
    )
    guide = b.node(
        "VAEEncode", id=1617, title="Encode the picture once", role="guide_encode", pixels=prepared.out(), vae=video_vae
    )
    return prepared.out(), guide.out()


def _keep(b: WorkflowBuilder) -> dict[str, Output]:
    """The inputs that both checkpoints share: one switch, one name."""
    enabled = b.node("PrimitiveBoolean", id=2203, title="Keep windows on disk", role="checkpoint_switch", value=True)
    name = b.node("PrimitiveString", id=2204, title="Name of the run (empty: by song and date)", role="run_name", value="")
    return {"enabled": enabled.out(), "run_name": name.out()}


def _prompts(b: WorkflowBuilder, clip: Output, song: _Song) -> tuple[Output, Output, Output]:
    """Positive and negative of the initial render, and the list for the loop."""
    schedule = b.node(
        "TimestampPromptScheduleBatchEncode",
        id=1558,
        title="Encode all prompts once",
        role="schedule",
        clip=clip,
        schedule=song.schedule.out(),
        stride_seconds=song.planner.out("stride_seconds"),
        audio_duration=song.planner.out("audio_duration"),
        frame_rate=song.fps.out(),
        plan=song.plan,
    )
    listed = schedule.out("conditioning_list")
    first = b.node(
        "ConditioningSelectByIteration",
        id=169,
        title="First prompt",
        role="first_prompt",
        conditioning_list=listed,
        current_iteration=0,
    )
    negative = b.node(
        "CLIPTextEncode", id=507, title="Negative prompt", role="negative_prompt", clip=clip, text=NEGATIVE_PROMPT
    )
    rated = b.node(
        "LTXVConditioning",
        id=164,
        role="conditioning",
        positive=first.out(),
        negative=negative.out(),
        frame_rate=song.fps.out(),
    )
    return rated.out("positive"), rated.out("negative"), listed


def _initial_render(
    b: WorkflowBuilder,
    song: _Song,
    shared: _Shared,
    positive: Output,
    picture: Output,
    size: Node,
    video_vae: Output,
    keep: dict[str, Output],
) -> Output:
    """The video latent of the first window."""
    empty = b.node(
        "EmptyLTXVLatentVideo",
        id=344,
        role="empty_video",
        width=size.out("width"),
        height=size.out("height"),
        length=song.planner.out("window_frames"),
        batch_size=1,
    )
    start = b.node(
        "LTXVImgToVideoInplace",
        id=531,
        title="Start from the picture",
        role="start_picture",
        vae=video_vae,
        image=picture,
        latent=empty.out(),
        strength=1.0,
        bypass=False,
    )
    audio = b.node(
        "AudioLatentWindow",
        id=601,
        title="Song under the first window",
        role="initial_audio",
        audio_latent=song.latent,
        current_iteration=0,
        plan=song.plan,
    )
    zero = b.node("SolidMask", id=571, title="0 = keep the song", role="audio_mask", value=0.0, width=512, height=512)
    masked = b.node("SetLatentNoiseMask", id=570, role="initial_audio_mask", samples=audio.out(), mask=zero.out())
    joint = b.node(
        "LTXVConcatAVLatent", id=350, title="Picture and song together", video_latent=start.out(), audio_latent=masked.out()
    )
    noise = b.node("RandomNoise", id=1322, role="initial_noise", noise_seed=song.seed.out())
    guider = b.node(
        "CFGGuider", id=153, role="initial_guider", model=shared.model, positive=positive, negative=shared.negative, cfg=1.0
    )
    sampled = b.node(
        "SamplerCustomAdvanced",
        id=161,
        title="Initial render",
        role="initial_render",
        noise=noise.out(),
        guider=guider.out(),
        sampler=shared.sampler,
        sigmas=shared.sigmas,
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
        plan=song.plan,
        current_iteration=0,
        previous_latent=start.out(),
        conditioning=positive,
        negative=shared.negative,
        audio_latent=audio.out(),
        seed_value=song.seed.out(),
        **keep,
    )
    return kept.out("latent")


def _extension(b: WorkflowBuilder) -> SubgraphBuilder:
    """One iteration: context, window, guide, sampling, and what is new in the result."""
    s = b.subgraph("Extension")
    previous = s.input("previous_latent", "LATENT")
    positive = s.input("positive", "CONDITIONING")
    negative = s.input("negative", "CONDITIONING")
    audio = s.input("audio_latent", "LATENT")
    plan = s.input("plan", "AUDIO_LOOP_PLAN")
    iteration = s.input("current_iteration", "INT")
    overlap = s.input("overlap_latent_frames", "INT")
    noise_seed = s.input("iteration_seed", "INT")
    model = s.input("model", "MODEL")
    sampler = s.input("sampler", "SAMPLER")
    sigmas = s.input("sigmas", "SIGMAS")
    guide = s.input("guide_latent", "LATENT")
    strength = s.input("strength", "FLOAT")
    context = s.node("LatentContextExtract", id=2004, role="context", latent=previous, overlap_latent_frames=overlap)
    window = s.node(
        "LoopWindowLatent",
        id=606,
        role="loop_window",
        context=context.out(),
        audio_latent=audio,
        current_iteration=iteration,
        plan=plan,
    )
    guided = s.node(
        "LatentGuide",
        id=1519,
        title="Picture as a guide, one latent before the window",
        role="loop_guide",
        positive=positive,
        negative=negative,
        latent=window.out("video_latent"),
        guide_latent=guide,
        frame_offset=-8,
        strength=strength,
    )
    joint = s.node(
        "LTXVConcatAVLatent",
        id=583,
        title="Picture and song together",
        video_latent=guided.out("latent"),
        audio_latent=window.out("audio_latent"),
    )
    guider = s.node(
        "CFGGuider",
        id=644,
        title="Guider (positions kept until sampled)",
        role="loop_guider",
        model=model,
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        cfg=1.0,
    )
    noise = s.node("RandomNoise", id=574, role="loop_noise", noise_seed=noise_seed)
    sampled = s.node(
        "SamplerCustomAdvanced",
        id=573,
        title="Sample the window",
        role="loop_render",
        noise=noise.out(),
        guider=guider.out(),
        sampler=sampler,
        sigmas=sigmas,
        latent_image=joint.out(),
    )
    parts = s.node("LTXVSeparateAVLatent", id=596, title="Video part", av_latent=sampled.out("output"))
    cropped = s.node(
        "LTXVCropGuides",
        id=655,
        title="Take the guide off",
        role="loop_crop",
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        latent=parts.out("video_latent"),
    )
    trimmed = s.node(
        "LatentOverlapTrim", id=2005, role="loop_trim", latent=cropped.out("latent"), overlap_latent_frames=overlap
    )
    s.output("latent", trimmed.out())
    return s


def _loop(
    b: WorkflowBuilder,
    song: _Song,
    shared: _Shared,
    initial: Output,
    conditioning_list: Output,
    keep: dict[str, Output],
) -> Output:
    """The latents of all iterations, joined."""
    opened = b.node(
        "TensorLoopOpen",
        id=1539,
        role="loop_open",
        inputs={
            "mode": "iterations",
            "mode.iterations": 50,
            "initial_value": initial,
            "iterations_in": song.planner.out("total_iterations"),
        },
    )
    iteration = opened.out("current_iteration")
    controller = b.node(
        "AudioLoopController",
        id=1582,
        role="controller",
        current_iteration=iteration,
        window_seconds=song.window.out(),
        overlap_seconds=song.overlap.out(),
        audio=song.audio,
        base_seed=song.seed.out(),
        fps=song.fps.out(),
        plan=song.plan,
    )
    prompt = b.node(
        "ConditioningSelectByIteration",
        id=1616,
        title="This iteration's prompt",
        role="loop_prompt",
        conditioning_list=conditioning_list,
        current_iteration=iteration,
    )
    audio = b.node(
        "AudioLatentWindow",
        id=2012,
        title="Song under this window",
        role="loop_audio",
        audio_latent=song.latent,
        current_iteration=iteration,
        plan=song.plan,
    )
    strength = b.node("PrimitiveFloat", id=1269, title="Picture guide strength", role="guide_strength", value=0.7)
    extension = _extension(b).place(
        id=843,
        title="Extension (one iteration)",
        role="extension",
        previous_latent=opened.out("previous_value"),
        positive=prompt.out(),
        negative=shared.negative,
        audio_latent=audio.out(),
        plan=song.plan,
        current_iteration=iteration,
        overlap_latent_frames=controller.out("overlap_latent_frames"),
        iteration_seed=controller.out("iteration_seed"),
        model=shared.model,
        sampler=shared.sampler,
        sigmas=shared.sigmas,
        guide_latent=shared.guide,
        strength=strength.out(),
    )
    kept = b.node(
        "IterationCheckpoint",
        id=2202,
        title="Keep each window",
        role="loop_checkpoint",
        latent=extension.out("latent"),
        plan=song.plan,
        current_iteration=iteration,
        previous_latent=opened.out("previous_value"),
        conditioning=prompt.out(),
        negative=shared.negative,
        audio_latent=audio.out(),
        seed_value=controller.out("iteration_seed"),
        **keep,
    )
    closed = b.node(
        "TensorLoopClose",
        id=1540,
        role="loop_close",
        flow_control=opened.out("flow_control"),
        processed=kept.out("latent"),
        accumulate=True,
        overlap="disabled",
        stop=controller.out("should_stop"),
    )
    return closed.out()


def _video(b: WorkflowBuilder, song: _Song, initial: Output, looped: Output, video_vae: Output) -> None:
    whole = b.node(
        "LatentConcat", id=1605, title="Initial render + loop", role="join", samples1=initial, samples2=looped, dim="t"
    )
    b.node(
        "StreamingVideoSave",
        id=1604,
        title="Decode and save the video",
        size=(520.0, 620.0),
        role="video",
        latent=whole.out(),
        vae=video_vae,
        audio=song.audio,
        fps=song.fps.out(),
        frames=song.planner.out("frames"),
        filename_prefix="video/audio_loop",
        format="h264-mp4",
    )
