"""One iteration of the classic graph, as a subgraph."""

from __future__ import annotations

from ..building.builder import BuiltNode, GraphBuilder, SubgraphBuilder, Wire, WorkflowBuilder
from .classic_options import Options


def define(b: WorkflowBuilder, o: Options) -> SubgraphBuilder:
    """Defines the subgraph that makes one window; gives its builder."""
    s = b.subgraph("extension")
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
    parts = _sampled(o, s, guided, joint, (model, sampler, sigmas, noise_seed))
    _take_new(o, s, guided, parts, count, reference)
    return s


def _sampled(
    o: Options,
    s: GraphBuilder,
    guided: BuiltNode,
    joint: BuiltNode,
    shared: tuple[Wire, Wire, Wire, Wire],
) -> BuiltNode:
    model, sampler, sigmas, noise_seed = shared
    heard = guided
    if o.crop_before_guider:
        heard = s.node("LTXVCropGuidesNoLatent", id=655, positive=guided.out("positive"), negative=guided.out("negative"))
    guider = s.node(
        "CFGGuider",
        id=644,
        model=model,
        positive=heard.out("positive"),
        negative=heard.out("negative"),
        cfg=o.cfg,
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
    return s.node("LTXVSeparateAVLatent", id=596, av_latent=sampled.out("output"))


def _take_new(o: Options, s: SubgraphBuilder, guided: BuiltNode, parts: BuiltNode, count: Wire, reference: Wire) -> None:
    """Takes the guide and the overlap off."""
    crop = s.node(
        "LTXVCropGuides",
        id=2008 if o.crop_before_guider else 655,
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        latent=parts.out("video_latent"),
    )
    matched = s.node("LTXVAdainLatent", id=2006, latents=crop.out("latent"), reference=reference, factor=0.2)
    trimmed = s.node("LatentOverlapTrim", id=2005, latent=matched.out(), overlap_latent_frames=count)
    cleaned = s.node("IterationCleanup", id=2007, latent=trimmed.out(), mode="always")
    s.output("extended_latent", cleaned.out())
