"""One window of a canvas, as a subgraph: guide, sampling, and what is new in the result."""

from __future__ import annotations

from ..building.builder import SubgraphBuilder, WorkflowBuilder

NAME = "Window on canvas"


def define(b: WorkflowBuilder) -> SubgraphBuilder:
    """The subgraph; it takes a window as `LoopWindowOfCanvas` cuts it out and gives what the window adds."""
    s = b.subgraph(NAME)
    model, sampler, sigmas = s.input("model", "MODEL"), s.input("sampler", "SAMPLER"), s.input("sigmas", "SIGMAS")
    guided = s.node(
        "LatentGuide",
        id=2521,
        title="Picture as a guide, one latent before the window",
        role="canvas_guide",
        positive=s.input("positive", "CONDITIONING"),
        negative=s.input("negative", "CONDITIONING"),
        latent=s.input("video_latent", "LATENT"),
        guide_latent=s.input("guide_latent", "LATENT"),
        frame_offset=-8,
        strength=s.input("strength", "FLOAT", default=1.0),
    )
    joint = s.node(
        "LTXVConcatAVLatent",
        id=2522,
        title="Picture and song together",
        video_latent=guided.out("latent"),
        audio_latent=s.input("audio_latent", "LATENT"),
    )
    guider = s.node(
        "CFGGuider",
        id=2523,
        title="Guider (positions kept until sampled)",
        role="canvas_guider",
        model=model,
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        cfg=1.0,
    )
    noise = s.node("RandomNoise", id=2524, role="canvas_noise", noise_seed=s.input("iteration_seed", "INT"))
    sampled = s.node(
        "SamplerCustomAdvanced",
        id=2525,
        title="Sample the window",
        role="canvas_render",
        noise=noise.out(),
        guider=guider.out(),
        sampler=sampler,
        sigmas=sigmas,
        latent_image=joint.out(),
    )
    parts = s.node("LTXVSeparateAVLatent", id=2526, title="Video part", av_latent=sampled.out("output"))
    cropped = s.node(
        "LTXVCropGuides",
        id=2527,
        title="Take the guide off",
        role="canvas_crop",
        positive=guided.out("positive"),
        negative=guided.out("negative"),
        latent=parts.out("video_latent"),
    )
    new = s.node(
        "LoopWindowNew",
        id=2528,
        role="canvas_new",
        latent=cropped.out("latent"),
        plan=s.input("plan", "AUDIO_LOOP_PLAN"),
        current_iteration=s.input("current_iteration", "INT"),
    )
    s.output("latent", new.out())
    return s
