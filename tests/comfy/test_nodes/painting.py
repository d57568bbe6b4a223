"""A sampler that paints each latent frame with its own number in the whole video, and the decoder that shows it.

With both in place of the real ones, the video itself says whether a cut repeats or loses a frame.
"""

from __future__ import annotations

import comfy.samplers
import comfy.utils
import torch
from comfy_api.latest import io

from .seen import guide_positions, unpacked

NUMBER_BITS = 16
STRIPE_PX = 8


class _Painting(comfy.samplers.Sampler):
    """Continues the numbers in the context: a frame that is kept (mask 0) and already painted stays as it is.

    A kept frame that is no painting is the picture of the initial render, so the count begins at 0 there.
    """

    def sample(self, guider, sigmas, extra_args, callback, noise, latent_image=None, denoise_mask=None, disable_pbar=False):
        shapes = guider.inner_model.latent_shapes
        video, *others = (part.clone() for part in unpacked(latent_image, shapes))
        mask = unpacked(denoise_mask, shapes)[0] if denoise_mask is not None else torch.ones_like(video)
        guides = len(guide_positions(guider, video.shape[3] * video.shape[4]))
        number = -1.0
        for index in range(video.shape[2] - guides):
            frame = video[:, :, index]
            painted = bool(frame.min() == frame.max())
            if float(mask[:, :, index].max()) == 0.0 and painted:
                number = float(frame.flatten()[0])
            else:
                number += 1.0
                frame.fill_(number)
        if callback is not None:
            steps = len(sigmas) - 1
            callback(steps - 1, latent_image, latent_image, steps)
        parts = [video, *others]
        return comfy.utils.pack_latents(parts)[0] if len(parts) > 1 else video


class PaintingSampler(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestPaintingSampler",
            display_name="Painting Sampler (test)",
            category="audio loop/test",
            inputs=[],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls) -> io.NodeOutput:
        return io.NodeOutput(_Painting())


def frame_numbers(latent: torch.Tensor) -> list[int]:
    """Pixel frame numbers that a painted latent (B, C, T, H, W) stands for: latent 0 is frame 0, latent n 8n-7..8n."""
    numbers = [round(float(latent[0, :, index].mean())) for index in range(latent.shape[2])]
    return [frame for number in numbers for frame in ([0] if number == 0 else range(8 * number - 7, 8 * number + 1))]


def draw_number(number: int, height: int, width: int) -> torch.Tensor:
    """A picture (H, W, 3) that shows `number` as vertical stripes, lowest bit left; wide enough to survive H.264."""
    picture = torch.zeros(height, width, 3)
    for bit in range(NUMBER_BITS):
        if number >> bit & 1:
            picture[:, bit * STRIPE_PX : (bit + 1) * STRIPE_PX] = 1.0
    return picture


class PaintedDecode(io.ComfyNode):
    """Shows the numbers of a painted latent instead of decoding it; the first `frames` of them, 0 for all."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestPaintedDecode",
            display_name="Painted Decode (test)",
            category="audio loop/test",
            inputs=[io.Latent.Input("samples"), io.Int.Input("frames", default=0, optional=True)],
            outputs=[io.Image.Output()],
        )

    @classmethod
    def execute(cls, samples, frames=0) -> io.NodeOutput:
        latent = samples["samples"]
        height, width = latent.shape[3] * 32, latent.shape[4] * 32
        if width < NUMBER_BITS * STRIPE_PX:
            raise ValueError(f"a painted video must be at least {NUMBER_BITS * STRIPE_PX} pixels wide, not {width}")
        numbers = frame_numbers(latent)[: frames or None]
        return io.NodeOutput(torch.stack([draw_number(number, height, width) for number in numbers]))
