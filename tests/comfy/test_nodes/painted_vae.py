"""A video VAE whose decode shows the numbers of a painted latent, and whose encode reads them, so that saving can be watched.

It hands its frames out the way ComfyUI's LTX VAE does: latent by latent, into the buffer that it is given.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from comfy_api.latest import io

from .painting import NUMBER_BITS, STRIPE_PX, draw_number, frame_numbers


class _PaintedModel:
    comfy_has_chunked_io = True

    def decode_output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return (1, 3, (shape[2] - 1) * 8 + 1, shape[3] * 32, shape[4] * 32)

    def decode(self, latent: torch.Tensor, output_buffer: Any) -> Any:
        _, _, _, height, width = self.decode_output_shape(latent.shape)
        position = 0
        for index in range(latent.shape[2]):
            # Every latent but the first stands for eight frames, whatever number is painted on it.
            numbers = frame_numbers(latent[:, :, index : index + 1])
            numbers = numbers[-1:] if index == 0 else (numbers if len(numbers) == 8 else numbers * 8)
            pictures = torch.stack([draw_number(number, height, width) for number in numbers])
            frames = pictures.movedim(-1, 0)[None] * 2 - 1
            output_buffer[:, :, position : position + len(numbers)].copy_(frames)
            position += len(numbers)
        return output_buffer

    def encode(self, pixels: torch.Tensor, **_: Any) -> torch.Tensor:
        # (1, 3, T, H, W) in -1..1 -> (1, 128, latents, H / 32, W / 32): each latent the number that its last frame belongs to.
        height, width = pixels.shape[3:]
        stripes = pixels[0, 0, ::8, height // 2, STRIPE_PX // 2 : NUMBER_BITS * STRIPE_PX : STRIPE_PX] > 0
        numbers = [sum(int(lit) << bit for bit, lit in enumerate(stripe)) for stripe in stripes.tolist()]
        latent = torch.tensor([(number + 7) // 8 for number in numbers], dtype=pixels.dtype, device=pixels.device)
        return latent.view(1, 1, -1, 1, 1).expand(1, 128, -1, height // 32, width // 32).clone()


class PaintedVae(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestPaintedVae",
            display_name="Painted VAE (test)",
            category="audio loop/test",
            inputs=[io.Vae.Input("vae")],
            outputs=[io.Vae.Output()],
        )

    @classmethod
    def execute(cls, vae) -> io.NodeOutput:
        painted = copy.copy(vae)
        painted.first_stage_model = _PaintedModel()
        return io.NodeOutput(painted)
