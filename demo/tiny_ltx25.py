"""Writes the tiny LTX 2.5 into a models folder: diffusion model, both VAEs and the text encoder, a file each.

As `tiny_ltx`: a random toy of the true architecture and file format; names and shapes are read from ComfyUI's own classes.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from . import tiny_architecture_25 as architecture
from .tiny_architecture import AUDIO_CONTEXT_DIM, VIDEO_CONTEXT_DIM
from .tiny_files import Shapes, shapes_of, write_weights
from .tiny_gemma4 import tokenizer_json
from .tiny_names import AUDIO_VAE_25_NAME, TEXT_ENCODER_25_NAME, TRANSFORMER_25_NAME, VIDEO_VAE_25_NAME
from .tiny_weights import tiny_state_dict


def write_tiny_ltx25(models: Path) -> tuple[Path, Path, Path, Path]:
    """Writes the four files under `models`; the same bytes every time.

    Args:
        models: A ComfyUI models folder; `diffusion_models/`, `vae/` and `text_encoders/` are made in it.

    Returns:
        Diffusion model, video VAE, audio VAE, text encoder.
    """
    weights = tiny_state_dict(transformer_shapes(), "model.diffusion_model.")
    gemma = {"text": architecture.GEMMA, "vision": architecture.GEMMA_VISION, "audio": architecture.GEMMA_AUDIO}
    return (
        write_weights(models / "diffusion_models" / TRANSFORMER_25_NAME, weights, {"transformer": architecture.TRANSFORMER}),
        write_weights(models / "vae" / VIDEO_VAE_25_NAME, _video_vae(), {"vae": architecture.VIDEO_VAE}),
        write_weights(models / "vae" / AUDIO_VAE_25_NAME, _audio_vae(), architecture.AUDIO_VAE_FILE),
        write_weights(models / "text_encoders" / TEXT_ENCODER_25_NAME, _text_encoder(), gemma),
    )


def transformer_shapes() -> Shapes:
    """Shapes of the diffusion transformer's weights, by name without a prefix."""
    import comfy.ops
    from comfy.ldm.lightricks.av_model import LTXAVModel

    model = LTXAVModel(**architecture.TRANSFORMER, device="meta", operations=comfy.ops.disable_weight_init)
    return shapes_of(model)


def _video_vae() -> dict[str, torch.Tensor]:
    from comfy.ldm.lightricks.vae.na_diffusion_decoder import CausalDiffusionVAE

    return tiny_state_dict(shapes_of(CausalDiffusionVAE(config=architecture.VIDEO_VAE)))


def _audio_vae() -> dict[str, torch.Tensor]:
    from comfy.ldm.lightricks.vae.audio_vae import AudioVAE

    shapes = shapes_of(AudioVAE(metadata={"config": json.dumps(architecture.AUDIO_VAE_FILE)}))
    return tiny_state_dict({name.replace("autoencoder.", "audio_vae.", 1): shape for name, shape in shapes.items()})


def _text_encoder() -> dict[str, torch.Tensor]:
    """Language part, projection for video and for audio, and the tokenizer as `tokenizer_json`."""
    import comfy.ops
    from comfy.text_encoders.gemma4 import Gemma4_12B_Config, Gemma4Transformer

    config = Gemma4_12B_Config(**architecture.GEMMA)
    model = Gemma4Transformer(config, device="meta", dtype=torch.float32, ops=comfy.ops.disable_weight_init)
    # Buffers that the class makes itself are in no file.
    language: Shapes = {f"model.{name}": shape for name, shape in shapes_of(model).items() if not name.startswith("_")}
    width = architecture.TEXT_PROJECTION_INPUT_DIM
    projection: Shapes = {
        "text_embedding_projection.video_aggregate_embed.weight": (VIDEO_CONTEXT_DIM, width),
        "text_embedding_projection.video_aggregate_embed.bias": (VIDEO_CONTEXT_DIM,),
        "text_embedding_projection.audio_aggregate_embed.weight": (AUDIO_CONTEXT_DIM, width),
        "text_embedding_projection.audio_aggregate_embed.bias": (AUDIO_CONTEXT_DIM,),
    }
    weights = tiny_state_dict({**language, **projection})
    weights["tokenizer_json"] = torch.frombuffer(bytearray(tokenizer_json()), dtype=torch.uint8)
    return weights
