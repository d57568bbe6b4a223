"""Sizes of the tiny LTX 2.3: the true architecture, every width cut down to about a million parameters in all.

ComfyUI's ordinary loaders read these sizes from the metadata of the checkpoint, so nothing else has to know them.
The text encoder is the exception: `LTXAVTextEncoderLoader` knows one size only, see `demo/stand_in_nodes`.
"""

from __future__ import annotations

from typing import Any

VIDEO_LATENT_CHANNELS = 128
VIDEO_CONTEXT_DIM = 64
AUDIO_CONTEXT_DIM = 32

# Every key of the published checkpoint's header, in its order: what is left out would take ComfyUI's default, which is
# another model.
TRANSFORMER: dict[str, Any] = {
    "_class_name": "AVTransformer3DModel",
    "activation_fn": "gelu-approximate",
    "attention_bias": True,
    "attention_head_dim": 32,
    "attention_type": "default",
    "caption_channels": 64,
    "cross_attention_dim": VIDEO_CONTEXT_DIM,
    "double_self_attention": False,
    "dropout": 0.0,
    "in_channels": VIDEO_LATENT_CHANNELS,
    "norm_elementwise_affine": False,
    "norm_eps": 1e-06,
    "norm_num_groups": 32,
    "num_attention_heads": 2,
    "num_embeds_ada_norm": 1000,
    "num_layers": 2,
    "num_vector_embeds": None,
    "only_cross_attention": False,
    "cross_attention_norm": True,
    "out_channels": VIDEO_LATENT_CHANNELS,
    "upcast_attention": False,
    "use_linear_projection": False,
    "qk_norm": "rms_norm",
    "standardization_norm": "rms_norm",
    "positional_embedding_type": "rope",
    "positional_embedding_theta": 10000.0,
    "positional_embedding_max_pos": [20, 2048, 2048],
    "timestep_scale_multiplier": 1000,
    "av_ca_timestep_scale_multiplier": 1000.0,
    "causal_temporal_positioning": True,
    "audio_num_attention_heads": 2,
    "audio_attention_head_dim": 16,
    "use_audio_video_cross_attention": True,
    "share_ff": False,
    "audio_out_channels": 128,
    "audio_cross_attention_dim": AUDIO_CONTEXT_DIM,
    "audio_positional_embedding_max_pos": [20],
    "av_cross_ada_norm": True,
    "use_embeddings_connector": True,
    "connector_attention_head_dim": 32,
    "connector_num_attention_heads": 2,
    "connector_num_layers": 1,
    "connector_positional_embedding_max_pos": [4096],
    "connector_num_learnable_registers": 128,
    "connector_norm_output": True,
    "use_middle_indices_grid": True,
    "apply_gated_attention": True,
    "connector_apply_gated_attention": True,
    "caption_projection_first_linear": False,
    "caption_projection_second_linear": False,
    "caption_proj_input_norm": False,
    "connector_learnable_registers_std": 1,
    "caption_proj_before_connector": True,
    "audio_connector_attention_head_dim": 16,
    "audio_connector_num_attention_heads": 2,
    "cross_attention_adaln": True,
    "text_encoder_norm_type": "per_token_rms",
    "rope_type": "split",
    "frequencies_precision": "float64",
}

VIDEO_VAE: dict[str, Any] = {
    "_class_name": "CausalVideoAutoencoder",
    "dims": 3,
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": VIDEO_LATENT_CHANNELS,
    "patch_size": 4,
    "norm_layer": "pixel_norm",
    "latent_log_var": "uniform",
    "encoder_base_channels": 8,
    "decoder_base_channels": 8,
    "scaling_factor": 1.0,
    "use_quant_conv": False,
    "normalize_latent_channels": False,
    "timestep_conditioning": False,
    "causal_decoder": False,
    "spatial_padding_mode": "zeros",
    "encoder_blocks": [
        ["res_x", {"num_layers": 1}],
        ["compress_space_res", {"multiplier": 2}],
        ["res_x", {"num_layers": 1}],
        ["compress_time_res", {"multiplier": 2}],
        ["compress_all_res", {"multiplier": 1}],
        ["compress_all_res", {"multiplier": 1}],
        ["res_x", {"num_layers": 1}],
    ],
    "decoder_blocks": [
        ["res_x", {"num_layers": 1}],
        ["compress_all", {"residual": False, "multiplier": 1}],
        ["compress_all", {"residual": False, "multiplier": 1}],
        ["compress_time", {"multiplier": 1}],
        ["compress_space", {"multiplier": 1}],
        ["res_x", {"num_layers": 1}],
    ],
}

AUDIO_VAE: dict[str, Any] = {
    "model": {
        "params": {
            "sampling_rate": 16000,
            "ddconfig": {
                "double_z": True,
                "mel_bins": 64,
                "z_channels": 8,
                "resolution": 256,
                "downsample_time": False,
                "in_channels": 2,
                "out_ch": 2,
                "ch": 8,
                "ch_mult": [1, 2, 4],
                "num_res_blocks": 1,
                "attn_resolutions": [],
                "dropout": 0.0,
                "mid_block_add_attention": False,
                "norm_type": "pixel",
                "causality_axis": "height",
            },
        },
    },
    "preprocessing": {
        "stft": {"filter_length": 1024, "hop_length": 160, "win_length": 1024, "causal": True},
        "mel": {"n_mel_channels": 64, "mel_fmin": 0, "mel_fmax": 8000},
    },
}

VOCODER: dict[str, Any] = {
    "upsample_initial_channel": 32,
    "resblock": "1",
    "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3, 5]],
    "upsample_rates": [5, 4, 2, 2, 2],
    "upsample_kernel_sizes": [16, 16, 8, 4, 4],
    "stereo": True,
    "use_tanh_at_final": True,
    "activation": "snake",
    "use_bias_at_final": True,
    "output_sample_rate": 16000,
}

CHECKPOINT: dict[str, Any] = {
    "transformer": TRANSFORMER,
    "vae": VIDEO_VAE,
    "audio_vae": AUDIO_VAE,
    "vocoder": VOCODER,
}

GEMMA: dict[str, Any] = {
    "vocab_size": 512,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
}
# The true picture tower has 400 million parameters; a music video never shows the text encoder a picture.
GEMMA_VISION: dict[str, Any] = {
    "num_channels": 3,
    "hidden_act": "gelu_pytorch_tanh",
    "hidden_size": 16,
    "image_size": 56,
    "intermediate_size": 32,
    "model_type": "siglip_vision_model",
    "num_attention_heads": 1,
    "num_hidden_layers": 1,
    "patch_size": 14,
}
# One set of hidden states per layer plus the embeddings themselves.
TEXT_PROJECTION_INPUT_DIM = GEMMA["hidden_size"] * (GEMMA["num_hidden_layers"] + 1)
