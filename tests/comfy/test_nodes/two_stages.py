"""A second stage whose painted frames stay readable: an upscale model that repeats latents, a sampler that marks them once."""

from __future__ import annotations

import comfy.model_management
import comfy.model_patcher
import comfy.samplers
import comfy.utils
import torch
from comfy_api.latest import io

from .seen import guide_positions, unpacked

FINISHED = 2048
"""Added to the number of every latent that the second stage samples."""


class _Nearest(torch.nn.Module):
    spatial_upsample = True

    def __init__(self) -> None:
        super().__init__()
        self.unused = torch.nn.Parameter(torch.zeros(1), requires_grad=False)

    def get_dtype(self) -> torch.dtype:
        return torch.float32

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        return latent.repeat_interleave(2, -1).repeat_interleave(2, -2)


class NearestUpscaler(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestNearestUpscaler",
            display_name="Nearest Upscaler (test)",
            category="audio loop/test",
            inputs=[],
            outputs=[io.LatentUpscaleModel.Output()],
        )

    @classmethod
    def execute(cls) -> io.NodeOutput:
        device = comfy.model_management.get_torch_device()
        return io.NodeOutput(comfy.model_patcher.CoreModelPatcher(_Nearest(), load_device=device, offload_device=device))


class _Finishing(comfy.samplers.Sampler):
    """Adds FINISHED to every latent that is to be made, and refuses a window that shows the wrong ones as finished."""

    def sample(self, guider, sigmas, extra_args, callback, noise, latent_image=None, denoise_mask=None, disable_pbar=False):
        shapes = guider.inner_model.latent_shapes
        video, *others = (part.clone() for part in unpacked(latent_image, shapes))
        mask = unpacked(denoise_mask, shapes)[0]
        guides = len(guide_positions(guider, video.shape[3] * video.shape[4]))
        for index in range(video.shape[2] - guides):
            number = round(float(video[:, :, index].mean()))
            kept = float(mask[:, :, index].max()) == 0.0
            is_picture = kept and index == 0 and float(video[:, :, index].std()) > 1e-3
            if is_picture:
                video[:, :, index] = FINISHED
            elif kept != (number >= FINISHED):
                raise ValueError(f"latent {index} of the window is {number}, with a mask of {0 if kept else 1}")
            elif not kept:
                video[:, :, index] = number + FINISHED
        if callback is not None:
            steps = len(sigmas) - 1
            callback(steps - 1, latent_image, latent_image, steps)
        return comfy.utils.pack_latents([video, *others])[0]


class FinishingSampler(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestFinishingSampler",
            display_name="Finishing Sampler (test)",
            category="audio loop/test",
            inputs=[],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls) -> io.NodeOutput:
        return io.NodeOutput(_Finishing())


NODES = [NearestUpscaler, FinishingSampler]
