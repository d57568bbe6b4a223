"""A video VAE whose decode shows the numbers of a painted latent, so that the pack's own saving can be watched.

It hands its frames out the way ComfyUI's LTX VAE does: latent by latent, into the buffer that it is given.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from comfy_api.latest import io

from .painting import draw_number, frame_numbers


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
