"""File names of the tiny model, for those who only need to name it."""

from __future__ import annotations

CHECKPOINT_NAME = "tiny-ltx-2.3.safetensors"
LORA_NAME = "tiny-ltx-2.3-distilled-lora.safetensors"
TEXT_ENCODER_NAME = "tiny-gemma-3.safetensors"
UPSCALER_NAME = "tiny-ltx-2.3-spatial-upscaler-x2.safetensors"

TRANSFORMER_25_NAME = "tiny-ltx-2.5-transformer.safetensors"
VIDEO_VAE_25_NAME = "tiny-ltx-2.5-video-vae.safetensors"
AUDIO_VAE_25_NAME = "tiny-ltx-2.5-audio-vae.safetensors"
TEXT_ENCODER_25_NAME = "tiny-gemma-4-with-proj.safetensors"
