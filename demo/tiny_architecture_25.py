"""Sizes of the tiny LTX 2.5: what differs from the tiny 2.3, and the decoder that denoises.

Facts with their sources: docs/ltx25.md. ComfyUI's UNETLoader and VAELoader read these sizes from the files' metadata; its
CLIPLoader knows one size of Gemma 4 only, see `demo/stand_in_nodes`.
"""

from __future__ import annotations

from typing import Any

from . import tiny_architecture as ltx23

TRANSFORMER: dict[str, Any] = {
    **ltx23.TRANSFORMER,
    "ff_bias": False,
    "audio_ff_bias": True,
    "use_keyframes_abs_pos_embedding": True,
}

# The convolutional encoder is that of 2.3. Every stage of the decoder has the kernel 3 and one block: the true ones (up to
# 11 frames, eight blocks) look 18 latents to each side, longer than the videos of the tests.
VIDEO_VAE: dict[str, Any] = {
    "_class_name": "CausalDiffusionVAE",
    "dims": 3,
    "model_output_type": "x0",
    "encoder": {
        "dims": 3,
        "in_channels": 3,
        "out_channels": ltx23.VIDEO_LATENT_CHANNELS,
        "blocks": ltx23.VIDEO_VAE["encoder_blocks"],
        "patch_size": 4,
        "latent_log_var": "constant",
        "norm_layer": "pixel_norm",
        "base_channels": 8,
        "spatial_padding_mode": "zeros",
    },
    "decoder": {
        "in_channels": ltx23.VIDEO_LATENT_CHANNELS,
        "out_channels": 3,
        "patch_size": 4,
        "head_dim": 16,
        "stage_channels": [128, 64, 32, 32, 16],
        "stage_depths": [1, 1, 1, 1, 1],
        "stage_kernels": [[3, 3, 3]] * 5,
        "upsamples": [[[1, 2, 2], 2], [[2, 1, 1], 2], [[2, 2, 2], 1], [[2, 2, 2], 2]],
        "stage5_kernel": [3, 3, 3],
        "t_emb_dim": 16,
        "timestep_scale_multiplier": 1000.0,
        "default_num_inference_steps": 1,
    },
}

AUDIO_VAE_FILE: dict[str, Any] = {"audio_vae": ltx23.AUDIO_VAE, "vocoder": ltx23.VOCODER}

# Five layers that look 1024 tokens far and one that sees all, as Gemma 4 repeats them eight times. Head sizes (256 and 512)
# are not among what ComfyUI lets a file set.
GEMMA: dict[str, Any] = {
    "vocab_size": 260,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 6,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
}
# The entrances of the text encoder for pictures and sound; a music video uses neither.
GEMMA_VISION: dict[str, Any] = {
    "model_patch_size": 6,
    "patch_size": 2,
    "pooling_kernel_size": 3,
    "mm_embed_dim": 8,
    "mm_posemb_size": 4,
    "output_proj_dims": 8,
    "rms_norm_eps": 1e-6,
}
GEMMA_AUDIO: dict[str, Any] = {"audio_samples_per_token": 640, "output_proj_dims": 8, "rms_norm_eps": 1e-6}
TEXT_PROJECTION_INPUT_DIM = GEMMA["hidden_size"] * (GEMMA["num_hidden_layers"] + 1)
