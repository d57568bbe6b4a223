"""The node that asks a model and its VAEs what a plan must know of them."""

from __future__ import annotations

import logging
from typing import Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

log = logging.getLogger(__name__)


class AudioLoopModelFacts(io.ComfyNode):
    """The facts that a plan needs of the model that it is made for."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopModelFacts",
            display_name="Audio Loop Model Facts",
            category="Audio Loop/plan",
            search_aliases=["LTX 2.5", "audio rate", "keyframe", "model version", "latent grid"],
            description="Reads from a model and its VAEs what the planner must know: the rate of the audio latents, and "
            "whether the first latent of a window must be a single picture, as with LTX 2.5. Refuses VAEs that do not fit.",
            inputs=[
                io.Model.Input("model", tooltip="The diffusion model that windows are sampled with."),
                io.Vae.Input("video_vae", optional=True, tooltip="The video VAE: 8 frames and 32 pixels a latent."),
                io.Vae.Input("audio_vae", optional=True, tooltip="The audio VAE: its latents per second place every window."),
            ],
            outputs=[
                inputs.Model.Output("model_facts", tooltip="Wire to Audio Loop Planner."),
                io.String.Output("report", tooltip="The facts for people."),
            ],
        )

    @classmethod
    @refuses("AudioLoopModelFacts")
    def execute(cls, model: Any, video_vae: Any = None, audio_vae: Any = None) -> io.NodeOutput:
        from ..latent_ops.model_facts import facts_of_model

        facts = facts_of_model(model, video_vae, audio_vae)
        log.info("%s", facts.report())
        return io.NodeOutput(facts, facts.report())


NODES = [AudioLoopModelFacts]
