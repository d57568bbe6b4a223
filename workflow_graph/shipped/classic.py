"""audio-loop-music-video_latent_classic: the default workflow as people built it before, with the nodes of four other packs.

For those who have KJNodes, ComfyUI-LTXVideo, VideoHelperSuite and MelBandRoFormer. Node ids are those that guides and saved
files use. `Options` also makes the faults that such files are known to carry, so that audit rules and migrations
are tried on graphs of the shape that they will meet.

The facts about the other packs' nodes are in `schemas/`, read from their schemas on ComfyUI 0.33; where a pack did not start
there (ComfyUI-LTXVideo of 2026-06-30), from its `INPUT_TYPES`. `videohelpersuite.json` holds the widgets of the format
video/h264-mp4, which that pack's browser side adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..builder import GraphBuilder, Node, Output, SubgraphBuilder, WorkflowBuilder
from ..document import Document
from ..invariants import check
from ..schemas import Schemas
from . import models

NAME = "audio-loop-music-video_latent_classic"
FOLDER = "classic"
"""Folder below `example_workflows/` that holds it."""

SUBJECT = "A singer with short dark hair in a green jacket"
FIRST_PROMPT = f"Style: cinematic. {SUBJECT} is singing, medium close-up, static camera, locked off shot, soft stage light."
SCHEDULE = f"""0:00-1:12: {FIRST_PROMPT}
1:12+: Style: cinematic. {SUBJECT} is dancing slowly, medium close-up, static camera, locked off shot, soft stage light."""
NEGATIVE_PROMPT = "pc game, console game, video game, cartoon, childish, ugly"

NOTE = """# The loop with other packs' nodes

This is the default workflow as it was built before Audio Loop had nodes for everything. It needs

- **ComfyUI-KJNodes**: Set/Get, LTX2_NAG, LTXVImgToVideoInplaceKJ, ImageResizeKJv2, LTXVAudioVideoMask
- **ComfyUI-LTXVideo**: LTXVTiledVAEDecode, LTXVAddLatentGuide, LTXVAdainLatent
- **ComfyUI-VideoHelperSuite**: VHS_VideoCombine
- **ComfyUI-MelBandRoFormer**: bypassed; take the bypass off to lead the mouth by the voice alone

Without them open *audio-loop-music-video_latent*: it makes the same video, continues after a crash, and does not hold the
whole video in memory. `python scripts/modernize_workflow.py FILE -o NEW` turns a file of this kind into one of that kind.
"""

Decoder = Literal["ltx", "core", "spatiotemporal"]


@dataclass(frozen=True)
class Options:
    """What the graph is like; the defaults are sound.

    Attributes:
        width: Pixels, of the resized picture and with it of the video.
        height: Pixels.
        length: Pixel frames of the initial render.
        fps: Frames per second of the controller, the planner and the masks.
        conditioning_fps: Frames per second told to the model; `fps` where None.
        video_fps: Frames per second of the saved video; `fps` where None.
        window: Seconds of a window.
        overlap: Seconds that consecutive windows share.
        controller_overlap: A value of the controller's own instead of the shared one.
        compression: img_compression of LTXVPreprocess.
        trim: Start and duration of the outer audio trim, in seconds.
        raw_guide: The loop's guide is made from the picture before LTXVPreprocess.
        encode_in_loop: The guide picture is encoded again in every iteration.
        audio_in_loop: The song is cut and encoded again in every iteration.
        clip_in_loop: Prompts are encoded in every iteration (TimestampPromptSchedule and CachedTextEncode).
        blend_seconds: Of TimestampPromptSchedule, with `clip_in_loop`.
        first_prompt: Text of a prompt of its own for the initial render; the schedule's first entry where None.
        schedule: The prompt schedule.
        rate_in_list: frame_rate of the encoded list; `conditioning_fps` where None.
        crop_before_guider: The loop's conditioning loses its guide positions before sampling.
        strip_context: The context loses the noise mask of the iteration before.
        iterations_wired: The planner's count feeds the loop.
        seed_drift: The controller's values hold the "randomize" of an older version.
        sampler: Of KSamplerSelect.
        cfg: Of both guiders.
        sigmas: The distilled model's literal values, or the approximation by BasicScheduler.
        shift: Put ModelSamplingSD3 with this shift before BasicScheduler.
        decoder: Which node decodes.
        decoder_widgets: Spatial tile, overlap and temporal tile, overlap of the core decoder (pixels, pixel frames), or of
            the spatio-temporal one (tiles, latents).
        sage: Kernel of PathchSageAttentionKJ.
    """

    width: int = 832
    height: int = 448
    length: int = 497
    fps: int = 25
    conditioning_fps: float | None = None
    video_fps: float | None = None
    window: float = 19.88
    overlap: float = 2.0
    controller_overlap: float | None = None
    compression: int = 18
    trim: tuple[float, float] = (0.0, 3600.0)
    raw_guide: bool = False
    encode_in_loop: bool = False
    audio_in_loop: bool = False
    clip_in_loop: bool = False
    blend_seconds: float = 0.0
    first_prompt: str | None = None
    schedule: str = SCHEDULE
    rate_in_list: float | None = None
    crop_before_guider: bool = False
    strip_context: bool = True
    iterations_wired: bool = True
    seed_drift: bool = False
    sampler: str = "euler"
    cfg: float = 1.0
    sigmas: Literal["manual", "linear_quadratic"] = "manual"
    shift: float | None = None
    decoder: Decoder = "ltx"
    decoder_widgets: tuple[int, int, int, int] = (512, 64, 64, 8)
    sage: str = "disabled"

    @property
    def rate(self) -> float:
        """Frames per second told to the model."""
        return float(self.fps if self.conditioning_fps is None else self.conditioning_fps)


AS_SAVED_IN_APRIL = Options(
    compression=0,
    trim=(5.0, 300.0),
    overlap=1.0,
    controller_overlap=1.0,
    raw_guide=True,
    encode_in_loop=True,
    audio_in_loop=True,
    clip_in_loop=True,
    first_prompt=FIRST_PROMPT,
    iterations_wired=False,
    seed_drift=True,
    sigmas="linear_quadratic",
    shift=13.0,
    decoder="core",
    sage="sageattn_qk_int8_pv_fp8_cuda",
)
"""The graph with the faults that were in circulation in April 2026, all at once."""


def build(options: Options | None = None) -> WorkflowBuilder:
    """The graph under construction; its Set and Get nodes get their types in `workflow`."""
    b = WorkflowBuilder(NAME, _schemas())
    _Classic(b, options or Options()).build()
    return b


def workflow(options: Options | None = None) -> Document:
    """The UI document."""
    chosen = options or Options()
    document = build(chosen).workflow()
    _type_broadcasts(document)
    for node in document["nodes"]:
        if node["type"] == "VHS_VideoCombine":
            # That pack saves and reads its values by name.
            names = [widget.name for widget in Schemas.load()[node["type"]].widgets()]
            node["widgets_values"] = dict(zip(names, node["widgets_values"], strict=True))
        if node["type"] == "AudioLoopController" and chosen.seed_drift:
            iteration, window, overlap, seed, fps = node["widgets_values"]
            node["widgets_values"] = [iteration, window, overlap, seed, "randomize", fps]
    broken = check(document)
    if broken:
        raise AssertionError(f"the classic graph breaks its own rules: {broken[0]}")
    return document


def _schemas() -> Schemas:
    """The snapshots, and the two browser-only nodes as the builder has to see them."""
    name = ["STRING", {"default": ""}]
    entries: dict[str, dict[str, Any]] = {
        "SetNode": {"display_name": "Set", "required": {"value": ["*"], "Constant": name}, "output": ["*"]},
        "GetNode": {"display_name": "Get", "required": {"Constant": name}, "output": ["*"]},
    }
    return Schemas.load().merged(Schemas.from_entries("kjnodes", entries))


def _type_broadcasts(document: Document) -> None:
    """Gives Set and Get nodes the slots and types that KJNodes' frontend gives them."""
    nodes = {node["id"]: node for node in document["nodes"]}
    links = {link[0]: link for link in document["links"]}
    types: dict[str, Any] = {}
    for node in nodes.values():
        if node["type"] == "SetNode":
            link = links[node["inputs"][0]["link"]]
            types[node["widgets_values"][0]] = link[5]
            node["inputs"] = [{"name": link[5], "type": link[5], "link": link[0]}]
            node["title"] = f"Set_{node['widgets_values'][0]}"
            node["properties"]["previousName"] = node["widgets_values"][0]
    for node in nodes.values():
        if node["type"] == "GetNode":
            kind = types[node["widgets_values"][0]]
            node["inputs"] = []
            node["outputs"] = [{"name": kind, "type": kind, "links": node["outputs"][0]["links"]}]
            node["title"] = f"Get_{node['widgets_values'][0]}"
            for link_id in node["outputs"][0]["links"]:
                links[link_id][5] = kind


class _Classic:
    """Builds the graph part by part; the attributes are what later parts need."""

    def __init__(self, b: WorkflowBuilder, options: Options) -> None:
        self.b = b
        self.o = options

    def put(self, name: str, value: Output, id: int | None = None) -> None:
        self.b.node("SetNode", id=id, value=value, Constant=name, color="#232", bgcolor="#353", collapsed=True)

    def get(self, name: str, id: int | None = None) -> Output:
        return self.b.node("GetNode", id=id, Constant=name, color="#232", bgcolor="#353", collapsed=True).out()

    def build(self) -> None:
        self.b.note(NOTE, id=2101, title="Start here", size=(520.0, 340.0))
        self.clip = self.b.node(
            "DualCLIPLoader",
            id=416,
            clip_name1="gemma_3_12B_it_fpmixed.safetensors",
            clip_name2="ltx-2.3_text_projection_bf16.safetensors",
            type="ltxv",
            device="default",
        ).out()
        self._models()
        self._song()
        self._picture()
        self._plan()
        self._prompts()
        initial, cropped = self._initial_render()
        looped = self._loop(initial)
        self._video(cropped, looped)

    def _models(self) -> None:
        b, o = self.b, self.o
        unet = b.node(
            "UNETLoader",
            id=414,
            unet_name="ltx-2.3-22b-distilled_transformer_only_fp8_input_scaled_v3.safetensors",
            weight_dtype="default",
        )
        for name, id, file in (("video_vae", 1537, "LTX23_video_vae_bf16"), ("audio_vae", 1538, "LTX23_audio_vae_bf16")):
            vae = b.node("VAELoaderKJ", id=id, vae_name=f"{file}.safetensors", device="main_device", weight_dtype="bf16")
            self.put(name, vae.out())
        sage = b.node("PathchSageAttentionKJ", id=268, model=unet.out(), sage_attention=o.sage, allow_compile=False)
        chunked = b.node("LTXVChunkFeedForward", id=504, model=sage.out(), chunks=2, dim_threshold=4096)
        tuned = b.node("LTX2AttentionTunerPatch", id=1523, model=chunked.out())
        negative = b.node("CLIPTextEncode", id=507, title="Negative prompt (NAG)", clip=self.clip, text=NEGATIVE_PROMPT)
        nag = b.node(
            "LTX2_NAG",
            id=508,
            model=tuned.out(),
            nag_scale=11.0,
            nag_alpha=0.25,
            nag_tau=2.5,
            nag_cond_video=negative.out(),
            inplace=True,
        )
        preview = b.node("LTX2SamplingPreviewOverride", id=503, model=nag.out(), preview_rate=8.0)
        self.put("model", preview.out(), 572)
        if o.sigmas == "manual":
            sigmas = b.node("ManualSigmas", id=1421, sigmas=models.DISTILLED_SIGMAS).out()
        else:
            model = preview.out()
            if o.shift is not None:
                model = b.node("ModelSamplingSD3", id=1513, model=model, shift=o.shift).out()
            sigmas = b.node("BasicScheduler", id=1421, model=model, scheduler="linear_quadratic", steps=8, denoise=1.0).out()
        self.put("sigmas", sigmas, 579)
        self.put("sampler", b.node("KSamplerSelect", id=154, sampler_name=o.sampler).out())

    def _song(self) -> None:
        b, o = self.b, self.o
        load = b.node("LoadAudio", id=565, audio="song.mp3")
        trim = b.node("TrimAudioDuration", id=567, title="Trim", audio=load.out(), start_index=o.trim[0], duration=o.trim[1])
        self.audio = trim.out()
        self.put("orig_audio", self.audio, 581)
        separator = b.node("MelBandRoFormerModelLoader", id=568, bypassed=True, model_name="MelBandRoformer_fp16.safetensors")
        vocals = b.node("MelBandRoFormerSampler", id=569, bypassed=True, model=separator.out(), audio=self.audio)
        self.put("actual_audio", vocals.out("vocals"), 640)
        self.window = b.node("FloatConstant", id=688, title="window_seconds", value=o.window)
        self.put("window_size_seconds", self.window.out())

    def _picture(self) -> None:
        b, o = self.b, self.o
        load = b.node("LoadImage", id=444, title="Picture", image="example.png")
        self.resize = b.node(
            "ImageResizeKJv2",
            id=445,
            image=load.out("IMAGE"),
            width=o.width,
            height=o.height,
            upscale_method="lanczos",
            keep_proportion="crop",
            crop_position="top",
            divisible_by=2,
            device="cpu",
        )
        self.prepared = b.node("LTXVPreprocess", id=446, image=self.resize.out("IMAGE"), img_compression=o.compression)
        self.put("input_image", self.resize.out("IMAGE") if o.raw_guide else self.prepared.out(), 650)
        strength = b.node("FloatConstant", id=1269, title="first_frame_guide_strength", value=0.7)
        self.put("first_frame_guide_strength", strength.out())

    def _plan(self) -> None:
        b, o = self.b, self.o
        self.overlap = b.node("FloatConstant", id=2013, title="overlap_seconds", value=o.overlap)
        self.planner = b.node(
            "AudioLoopPlanner",
            id=1560,
            audio=self.audio,
            window_seconds=self.get("window_size_seconds"),
            overlap_seconds=self.overlap.out(),
            fps=o.fps,
            schedule=o.schedule,
        )
        seed = b.node("INTConstant", id=1527, title="seed", value=42)
        self.put("start_seed", seed.out())

    def _prompts(self) -> None:
        b, o = self.b, self.o
        if o.clip_in_loop:
            positive = b.node(
                "CLIPTextEncode", id=169, title="First prompt", clip=self.clip, text=o.first_prompt or FIRST_PROMPT
            )
            self.encoded_list = None
        else:
            encoded = b.node(
                "TimestampPromptScheduleBatchEncode",
                id=1615,
                clip=self.clip,
                schedule=o.schedule,
                stride_seconds=self.planner.out("stride_seconds"),
                audio_duration=self.planner.out("audio_duration"),
                frame_rate=o.rate if o.rate_in_list is None else o.rate_in_list,
            )
            self.encoded_list = encoded.out("conditioning_list")
            if o.first_prompt is None:
                positive = b.node(
                    "ConditioningSelectByIteration", id=2021, conditioning_list=self.encoded_list, current_iteration=0
                )
            else:
                positive = b.node("CLIPTextEncode", id=169, title="First prompt", clip=self.clip, text=o.first_prompt)
        negative = b.node("ConditioningZeroOut", id=420, conditioning=positive.out())
        self.rated = b.node("LTXVConditioning", id=164, positive=positive.out(), negative=negative.out(), frame_rate=o.rate)
        self.put("base_cond_pos", self.rated.out("positive"), 645)
        self.put("base_cond_neg", self.rated.out("negative"), 646)

    def _initial_render(self) -> tuple[Output, Output]:
        """The first window's video latent, and the same without guides."""
        b, o = self.b, self.o
        length = b.node("INTConstant", id=526, title="length", value=o.length)
        empty = b.node(
            "EmptyLTXVLatentVideo",
            id=344,
            width=self.resize.out("width"),
            height=self.resize.out("height"),
            length=length.out(),
            batch_size=1,
        )
        start = b.node(
            "LTXVImgToVideoInplaceKJ",
            id=531,
            vae=self.get("video_vae"),
            latent=empty.out(),
            inputs={
                "num_images": "1",
                "num_images.strength_1": 1.0,
                "num_images.image_1": self.prepared.out(),
                "num_images.index_1": 0,
            },
        )
        cut = b.node(
            "TrimAudioDuration",
            id=601,
            audio=self.get("actual_audio"),
            start_index=0.0,
            duration=self.get("window_size_seconds"),
        )
        encoded = b.node("LTXVAudioVAEEncode", id=566, audio=cut.out(), audio_vae=self.get("audio_vae"))
        mask = b.node("SolidMask", id=571, value=0.0, width=512, height=512)
        masked = b.node("SetLatentNoiseMask", id=570, samples=encoded.out(), mask=mask.out())
        joint = b.node("LTXVConcatAVLatent", id=350, video_latent=start.out(), audio_latent=masked.out())
        noise = b.node("RandomNoise", id=1322, noise_seed=self.get("start_seed")).set(control_after_generate="fixed")
        guider = b.node(
            "CFGGuider",
            id=153,
            model=self.get("model"),
            positive=self.rated.out("positive"),
            negative=self.rated.out("negative"),
            cfg=o.cfg,
        )
        sampled = b.node(
            "SamplerCustomAdvanced",
            id=161,
            title="Initial render",
            noise=noise.out(),
            guider=guider.out(),
            sampler=self.get("sampler"),
            sigmas=self.get("sigmas"),
            latent_image=joint.out(),
        )
        parts = b.node("LTXVSeparateAVLatent", id=245, av_latent=sampled.out("output"))
        crop = b.node(
            "LTXVCropGuides",
            id=381,
            positive=self.get("base_cond_pos"),
            negative=self.get("base_cond_neg"),
            latent=parts.out("video_latent"),
        )
        return b.node("StripLatentNoiseMask", id=1606, latent=parts.out("video_latent")).out(), crop.out("latent")

    def _loop(self, initial: Output) -> Output:
        b, o = self.b, self.o
        opened = b.node(
            "TensorLoopOpen",
            id=1539,
            inputs={
                "mode": "iterations",
                "mode.iterations": 50,
                "initial_value": initial,
                "iterations_in": self.planner.out("total_iterations") if o.iterations_wired else None,
            },
        )
        iteration = opened.out("current_iteration")
        controller = b.node(
            "AudioLoopController",
            id=1582,
            current_iteration=iteration,
            window_seconds=self.get("window_size_seconds"),
            overlap_seconds=self.overlap.out() if o.controller_overlap is None else o.controller_overlap,
            audio=self.audio,
            base_seed=self.get("start_seed"),
            fps=o.fps,
        )
        extension = self._extension().place(
            id=843,
            inputs={
                "sampler": self.get("sampler"),
                "sigmas": self.get("sigmas"),
                "model": self.get("model"),
                "vae": self.get("video_vae"),
                "previous_latent": opened.out("previous_value"),
                "video_end_time": self.get("window_size_seconds"),
                "positive": self._loop_prompt(iteration, controller),
                "negative": self.get("base_cond_neg"),
                **self._loop_picture(),
                **self._loop_audio(),
                "start_index": controller.out("start_index"),
                "strength": self.get("first_frame_guide_strength", 1273),
                "noise_seed": controller.out("iteration_seed"),
                "num_frames": controller.out("overlap_latent_frames"),
                "reference_latent": initial,
                "video_start_time": controller.out("overlap_seconds"),
            },
        )
        return b.node(
            "TensorLoopClose",
            id=1540,
            flow_control=opened.out("flow_control"),
            processed=extension.out("extended_latent"),
            accumulate=True,
            overlap="disabled",
            stop=controller.out("should_stop"),
        ).out()

    def _loop_prompt(self, iteration: Output, controller: Node) -> Output:
        b, o = self.b, self.o
        if self.encoded_list is not None:
            return b.node(
                "ConditioningSelectByIteration", id=1616, conditioning_list=self.encoded_list, current_iteration=iteration
            ).out()
        schedule = b.node(
            "TimestampPromptSchedule",
            id=1558,
            current_iteration=iteration,
            stride_seconds=controller.out("stride_seconds"),
            schedule=o.schedule,
            blend_seconds=o.blend_seconds,
            snap_boundaries=True,
        )
        now = b.node("CachedTextEncode_AudioLoop", id=1559, clip=self.clip, text=schedule.out("prompt"))
        later = b.node("CachedTextEncode_AudioLoop", id=1607, clip=self.clip, text=schedule.out("next_prompt"))
        return b.node(
            "ConditioningBlend",
            id=1608,
            conditioning_a=now.out(),
            conditioning_b=later.out(),
            blend_factor=schedule.out("blend_factor"),
        ).out()

    def _loop_picture(self) -> dict[str, Output]:
        picture = self.get("input_image")
        if self.o.encode_in_loop:
            return {"image": picture}
        encoded = self.b.node("VAEEncode", id=1617, pixels=picture, vae=self.get("video_vae"))
        return {"guide_latent": encoded.out()}

    def _loop_audio(self) -> dict[str, Output]:
        if self.o.audio_in_loop:
            return {"audio_vae": self.get("audio_vae"), "audio": self.get("actual_audio")}
        # Without the silence behind it the song ends before the last window does, and the loop would fail there.
        padded = self.b.node("AudioPadToPlan", id=2018, audio=self.get("actual_audio"), plan=self.planner.out("plan"))
        whole = self.b.node("LTXVAudioVAEEncode", id=2009, audio=padded.out(), audio_vae=self.get("audio_vae"))
        return {"full_audio_latent": whole.out()}

    def _extension(self) -> SubgraphBuilder:
        """One iteration."""
        o, s = self.o, self.b.subgraph("extension")
        sampler, sigmas = s.input("sampler", "SAMPLER"), s.input("sigmas", "SIGMAS")
        model, vae = s.input("model", "MODEL"), s.input("vae", "VAE")
        previous, end = s.input("previous_latent", "LATENT"), s.input("video_end_time", "FLOAT")
        positive, negative = s.input("positive", "CONDITIONING"), s.input("negative", "CONDITIONING")
        if o.encode_in_loop:
            guide = s.node("VAEEncode", id=1520, pixels=s.input("image", "IMAGE"), vae=vae).out()
        else:
            guide = s.input("guide_latent", "LATENT")
        if o.audio_in_loop:
            audio_vae, audio = s.input("audio_vae", "VAE"), s.input("audio", "AUDIO")
            start = s.input("start_index", "FLOAT")
            cut = s.node("TrimAudioDuration", id=600, audio=audio, start_index=start, duration=end)
            slice_ = s.node("LTXVAudioVAEEncode", id=598, audio=cut.out(), audio_vae=audio_vae)
        else:
            whole, start = s.input("full_audio_latent", "LATENT"), s.input("start_index", "FLOAT")
            slice_ = s.node("AudioLatentWindow", id=2012, audio_latent=whole, start_seconds=start, duration_seconds=end)
        strength, noise_seed = s.input("strength", "FLOAT"), s.input("noise_seed", "INT")
        count = s.input("num_frames", "INT")
        reference, begin = s.input("reference_latent", "LATENT"), s.input("video_start_time", "FLOAT")
        if o.strip_context:
            context = s.node("LatentContextExtract", id=2004, latent=previous, overlap_latent_frames=count)
        else:
            context = s.node("LTXVSelectLatents", id=2004, samples=previous, start_index=-7, end_index=-1)
        window = s.node(
            "LTXVAudioVideoMask",
            id=606,
            video_fps=float(o.fps),
            video_start_time=begin,
            video_end_time=end,
            audio_start_time=end,
            audio_end_time=end,
            max_length="pad",
            video_latent=context.out(),
            audio_latent=slice_.out(),
            existing_mask_mode="add",
        )
        guided = s.node(
            "LTXVAddLatentGuide",
            id=1519,
            vae=vae,
            positive=positive,
            negative=negative,
            latent=window.out("video_latent"),
            guiding_latent=guide,
            latent_idx=-1,
            strength=strength,
        )
        joint = s.node("LTXVConcatAVLatent", id=583, video_latent=guided.out("latent"), audio_latent=window.out("audio_latent"))
        self._sample(s, guided, joint, (model, sampler, sigmas, noise_seed))
        self._take_new(s, guided, count, reference)
        return s

    def _sample(self, s: GraphBuilder, guided: Node, joint: Node, shared: tuple[Output, Output, Output, Output]) -> None:
        model, sampler, sigmas, noise_seed = shared
        heard = guided
        if self.o.crop_before_guider:
            heard = s.node("LTXVCropGuidesNoLatent", id=655, positive=guided.out("positive"), negative=guided.out("negative"))
        guider = s.node(
            "CFGGuider",
            id=644,
            model=model,
            positive=heard.out("positive"),
            negative=heard.out("negative"),
            cfg=self.o.cfg,
        )
        noise = s.node("RandomNoise", id=574, noise_seed=noise_seed).set(control_after_generate="fixed")
        sampled = s.node(
            "SamplerCustomAdvanced",
            id=573,
            noise=noise.out(),
            guider=guider.out(),
            sampler=sampler,
            sigmas=sigmas,
            latent_image=joint.out(),
        )
        self.parts = s.node("LTXVSeparateAVLatent", id=596, av_latent=sampled.out("output"))

    def _take_new(self, s: SubgraphBuilder, guided: Node, count: Output, reference: Output) -> None:
        """Takes the guide and the overlap off."""
        crop = s.node(
            "LTXVCropGuides",
            id=2008 if self.o.crop_before_guider else 655,
            positive=guided.out("positive"),
            negative=guided.out("negative"),
            latent=self.parts.out("video_latent"),
        )
        matched = s.node("LTXVAdainLatent", id=2006, latents=crop.out("latent"), reference=reference, factor=0.2)
        trimmed = s.node("LatentOverlapTrim", id=2005, latent=matched.out(), overlap_latent_frames=count)
        cleaned = s.node("IterationCleanup", id=2007, latent=trimmed.out(), mode="always")
        s.output("extended_latent", cleaned.out())

    def _video(self, initial: Output, looped: Output) -> None:
        b, o = self.b, self.o
        whole = b.node("LatentConcat", id=1605, samples1=initial, samples2=looped, dim="t").out()
        vae = self.get("video_vae")
        if o.decoder == "core":
            names = ("tile_size", "overlap", "temporal_size", "temporal_overlap")
            widgets: dict[str, Any] = dict(zip(names, o.decoder_widgets, strict=True))
            images = b.node("VAEDecodeTiled", id=1604, samples=whole, vae=vae, **widgets)
        elif o.decoder == "spatiotemporal":
            names = ("spatial_tiles", "spatial_overlap", "temporal_tile_length", "temporal_overlap")
            widgets = dict(zip(names, o.decoder_widgets, strict=True))
            widgets.update(last_frame_fix=True, working_device="cpu", working_dtype="float16")
            images = b.node("LTXVSpatioTemporalTiledVAEDecode", id=1604, latents=whole, vae=vae, **widgets)
        else:
            images = b.node(
                "LTXVTiledVAEDecode",
                id=1604,
                vae=vae,
                latents=whole,
                horizontal_tiles=2,
                vertical_tiles=2,
                overlap=1,
                last_frame_fix=True,
            )
        b.node(
            "VHS_VideoCombine",
            id=617,
            images=images.out(),
            audio=self.get("orig_audio"),
            frame_rate=float(o.fps if o.video_fps is None else o.video_fps),
            filename_prefix="audio_loop",
            format="video/h264-mp4",
            pix_fmt="yuv420p",
            crf=19,
            trim_to_audio=True,
        )
