"""The noise levels that a distilled model is sampled at, as a choice."""

from __future__ import annotations

from comfy_api.latest import io

from ..loop_control.noise_levels import AS_TRAINED, ROWS
from .refusals import refuses


class AudioLoopSigmas(io.ComfyNode):
    """Sigmas of the distilled LTX, all of them or fewer."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopSigmas",
            display_name="Distilled Sigmas",
            category="Audio Loop/model",
            search_aliases=["manual sigmas", "ltx sigmas", "fewer steps", "distilled steps", "faster", "scheduler"],
            description="The noise levels of the distilled LTX 2.3: the 8 it was trained on, or fewer of them for a preview.",
            inputs=[
                io.Combo.Input(
                    "steps",
                    options=list(ROWS),
                    default=AS_TRAINED,
                    tooltip="Steps of each window. As trained: what the model's makers use. Quality unproven: the same levels, "
                    "some left out; quicker in proportion, and nobody has shown the picture to be as good.",
                )
            ],
            outputs=[io.Sigmas.Output("sigmas", tooltip="For the sampler.")],
        )

    @classmethod
    @refuses("AudioLoopSigmas")
    def execute(cls, steps: str) -> io.NodeOutput:
        import torch

        from ..loop_control.noise_levels import noise_levels

        return io.NodeOutput(torch.tensor(noise_levels(steps), dtype=torch.float32))


NODES = [AudioLoopSigmas]
