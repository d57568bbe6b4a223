"""audio-loop-music-video_latent_classic: the default workflow as people built it before, with the nodes of four other packs.

For those who have KJNodes, ComfyUI-LTXVideo, VideoHelperSuite and MelBandRoFormer. Node ids are those that guides and saved
files use. `Options` also makes the faults that such files are known to carry, so that audit rules and migrations
are tried on graphs of the shape that they will meet.

The facts about the other packs' nodes are in `schemas/`, read from their schemas on ComfyUI 0.33; if a pack did not start
there (ComfyUI-LTXVideo of 2026-06-30), from its `INPUT_TYPES`. `videohelpersuite.json` holds the widgets of the format
video/h264-mp4, which that pack's browser side adds.
"""

from __future__ import annotations

from ..building.builder import Wire, WorkflowBuilder
from ..document import Document
from ..invariants import check
from ..node_format import BYPASSED
from ..schemas import Schemas
from . import classic_loop, classic_video, models
from .classic_broadcasts import Broadcasts, schemas, type_broadcasts
from .classic_loop import Ground
from .classic_options import FIRST_PROMPT, NEGATIVE_PROMPT, Options

NAME = "audio-loop-music-video_latent_classic"
FOLDER = "classic"
"""Folder below `example_workflows/` that holds it."""

NOTE = """# The loop with other packs' nodes

This is the default workflow as it was built before Audio Loop had nodes for everything. It needs

- **ComfyUI-KJNodes**: Set/Get, LTX2_NAG, LTXVImgToVideoInplaceKJ, ImageResizeKJv2, LTXVAudioVideoMask
- **ComfyUI-LTXVideo**: LTXVTiledVAEDecode, LTXVAddLatentGuide, LTXVAdainLatent
- **ComfyUI-VideoHelperSuite**: VHS_VideoCombine
- **ComfyUI-MelBandRoFormer**: bypassed; take the bypass off to lead the mouth by the voice alone

Without them open *audio-loop-music-video_latent*: it makes the same video, continues after a crash, and does not hold the
whole video in memory. `python scripts/modernize_workflow.py FILE -o NEW` turns a file of this kind into one of that kind.
"""


def build(options: Options | None = None) -> WorkflowBuilder:
    """The graph under construction; its Set and Get nodes get their types in `workflow`."""
    b = WorkflowBuilder(NAME, schemas())
    _Classic(b, options or Options()).build()
    return b


def workflow(options: Options | None = None) -> Document:
    """The UI document."""
    chosen = options or Options()
    document = build(chosen).workflow()
    type_broadcasts(document)
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


class _Classic:
    """Builds the graph part by part; the attributes are what later parts need."""

    def __init__(self, b: WorkflowBuilder, options: Options) -> None:
        self.b = b
        self.o = options
        self.names = Broadcasts(b)

    def build(self) -> None:
        b, o = self.b, self.o
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
        ground = Ground(b, o, self.names, self.audio, self.clip, self.encoded_list, self.overlap, self.planner)
        looped = classic_loop.add(ground, initial)
        classic_video.add(b, self.names, o, cropped, looped)

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
            self.names.put(name, vae.out())
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
        self.names.put("model", preview.out(), 572)
        if o.sigmas == "manual":
            sigmas = b.node("ManualSigmas", id=1421, sigmas=models.DISTILLED_SIGMAS).out()
        else:
            model = preview.out()
            if o.shift is not None:
                model = b.node("ModelSamplingSD3", id=1513, model=model, shift=o.shift).out()
            sigmas = b.node("BasicScheduler", id=1421, model=model, scheduler="linear_quadratic", steps=8, denoise=1.0).out()
        self.names.put("sigmas", sigmas, 579)
        self.names.put("sampler", b.node("KSamplerSelect", id=154, sampler_name=o.sampler).out())

    def _song(self) -> None:
        b, o = self.b, self.o
        load = b.node("LoadAudio", id=565, audio="song.mp3")
        trim = b.node("TrimAudioDuration", id=567, title="Trim", audio=load.out(), start_index=o.trim[0], duration=o.trim[1])
        self.audio = trim.out()
        self.names.put("orig_audio", self.audio, 581)
        separator = b.node(
            "MelBandRoFormerModelLoader", id=568, node_mode=BYPASSED, model_name="MelBandRoformer_fp16.safetensors"
        )
        vocals = b.node("MelBandRoFormerSampler", id=569, node_mode=BYPASSED, model=separator.out(), audio=self.audio)
        self.names.put("actual_audio", vocals.out("vocals"), 640)
        self.window = b.node("FloatConstant", id=688, title="window_seconds", value=o.window)
        self.names.put("window_size_seconds", self.window.out())

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
        self.names.put("input_image", self.resize.out("IMAGE") if o.raw_guide else self.prepared.out(), 650)
        strength = b.node("FloatConstant", id=1269, title="first_frame_guide_strength", value=0.7)
        self.names.put("first_frame_guide_strength", strength.out())

    def _plan(self) -> None:
        b, o = self.b, self.o
        self.overlap = b.node("FloatConstant", id=2013, title="overlap_seconds", value=o.overlap)
        self.planner = b.node(
            "AudioLoopPlanner",
            id=1560,
            audio=self.audio,
            window_seconds=self.names.get("window_size_seconds"),
            overlap_seconds=self.overlap.out(),
            fps=o.fps,
            schedule=o.schedule,
        )
        seed = b.node("INTConstant", id=1527, title="seed", value=42)
        self.names.put("start_seed", seed.out())

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
        self.names.put("base_cond_pos", self.rated.out("positive"), 645)
        self.names.put("base_cond_neg", self.rated.out("negative"), 646)

    def _initial_render(self) -> tuple[Wire, Wire]:
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
            vae=self.names.get("video_vae"),
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
            audio=self.names.get("actual_audio"),
            start_index=0.0,
            duration=self.names.get("window_size_seconds"),
        )
        encoded = b.node("LTXVAudioVAEEncode", id=566, audio=cut.out(), audio_vae=self.names.get("audio_vae"))
        mask = b.node("SolidMask", id=571, value=0.0, width=512, height=512)
        masked = b.node("SetLatentNoiseMask", id=570, samples=encoded.out(), mask=mask.out())
        joint = b.node("LTXVConcatAVLatent", id=350, video_latent=start.out(), audio_latent=masked.out())
        noise = b.node("RandomNoise", id=1322, noise_seed=self.names.get("start_seed")).set(control_after_generate="fixed")
        guider = b.node(
            "CFGGuider",
            id=153,
            model=self.names.get("model"),
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
            sampler=self.names.get("sampler"),
            sigmas=self.names.get("sigmas"),
            latent_image=joint.out(),
        )
        parts = b.node("LTXVSeparateAVLatent", id=245, av_latent=sampled.out("output"))
        crop = b.node(
            "LTXVCropGuides",
            id=381,
            positive=self.names.get("base_cond_pos"),
            negative=self.names.get("base_cond_neg"),
            latent=parts.out("video_latent"),
        )
        return b.node("StripLatentNoiseMask", id=1606, latent=parts.out("video_latent")).out(), crop.out("latent")
