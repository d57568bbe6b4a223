"""Writes the tiny LTX 2.3 into a models folder: checkpoint, text encoder, distilled LoRA.

It is a random toy of the true architecture and file format. It proves wiring, shapes, masks, positions and timing; a
picture that it makes means nothing. Needs ComfyUI importable: the names and shapes are read from ComfyUI's own classes,
so that they cannot drift from what its loaders expect.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from . import tiny_architecture as architecture
from .tiny_files import Shapes, shapes_of, write_weights
from .tiny_gemma import text_encoder_state_dict
from .tiny_lora import lora_state_dict
from .tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME
from .tiny_weights import tiny_state_dict


def write_tiny_ltx(models: Path) -> tuple[Path, Path, Path]:
    """Writes checkpoint, LoRA and text encoder under `models`; the same bytes every time.

    Args:
        models: A ComfyUI models folder; `checkpoints/`, `loras/` and `text_encoders/` are made in it.

    Returns:
        The three files, in the order checkpoint, LoRA, text encoder.
    """
    transformer = transformer_shapes()
    checkpoint = checkpoint_state_dict(transformer)
    text_encoder = text_encoder_state_dict(gemma_shapes())
    gemma = {"text": architecture.GEMMA, "vision": architecture.GEMMA_VISION}
    return (
        write_weights(models / "checkpoints" / CHECKPOINT_NAME, checkpoint, architecture.CHECKPOINT),
        write_weights(models / "loras" / LORA_NAME, lora_state_dict(transformer), None),
        write_weights(models / "text_encoders" / TEXT_ENCODER_NAME, text_encoder, gemma),
    )


def checkpoint_state_dict(transformer: Shapes) -> dict[str, torch.Tensor]:
    """Every tensor of the checkpoint: transformer, video VAE, audio VAE, vocoder, text projection."""
    video_vae, audio_vae = vae_shapes()
    width = architecture.TEXT_PROJECTION_INPUT_DIM
    projection: Shapes = {
        "video_aggregate_embed.weight": (architecture.VIDEO_CONTEXT_DIM, width),
        "video_aggregate_embed.bias": (architecture.VIDEO_CONTEXT_DIM,),
        "audio_aggregate_embed.weight": (architecture.AUDIO_CONTEXT_DIM, width),
        "audio_aggregate_embed.bias": (architecture.AUDIO_CONTEXT_DIM,),
    }
    return {
        **tiny_state_dict(transformer, "model.diffusion_model."),
        **tiny_state_dict(video_vae, "vae."),
        **tiny_state_dict(audio_vae),
        **tiny_state_dict(projection, "text_embedding_projection."),
    }


def transformer_shapes() -> Shapes:
    """Shapes of the diffusion transformer's weights, by name without a prefix."""
    import comfy.ops
    from comfy.ldm.lightricks.av_model import LTXAVModel

    model = LTXAVModel(**architecture.TRANSFORMER, device="meta", operations=comfy.ops.disable_weight_init)
    return shapes_of(model)


def vae_shapes() -> tuple[Shapes, Shapes]:
    """Shapes of the video VAE (no prefix), and of the audio VAE with its vocoder (prefixes as in the file)."""
    from comfy.ldm.lightricks.vae.audio_vae import AudioVAE
    from comfy.ldm.lightricks.vae.causal_video_autoencoder import VideoVAE

    video = shapes_of(VideoVAE(config=architecture.VIDEO_VAE))
    audio = shapes_of(AudioVAE(metadata={"config": json.dumps(architecture.CHECKPOINT)}))
    return video, {name.replace("autoencoder.", "audio_vae.", 1): shape for name, shape in audio.items()}


def gemma_shapes() -> Shapes:
    """Shapes of the text encoder's language part; its picture tower is left out, as in the split files people use."""
    import comfy.ops
    from comfy.text_encoders.llama import Gemma3_12B_Config, Llama2_

    config = Gemma3_12B_Config(**architecture.GEMMA)
    model = Llama2_(config, device="meta", dtype=torch.float32, ops=comfy.ops.disable_weight_init)
    return {f"model.{name}": shape for name, shape in shapes_of(model).items()}
