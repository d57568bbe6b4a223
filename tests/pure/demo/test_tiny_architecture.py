"""The tiny model is the true one made small: no key of its configuration is missing, only sizes differ."""

from __future__ import annotations

import json
from pathlib import Path

from audio_loop.demo import tiny_architecture

TRUE = json.loads((Path(__file__).parents[2] / "golden" / "ltx23_configuration.json").read_text("utf-8"))
SMALLER = {
    "transformer": {
        "num_layers",
        "num_attention_heads",
        "attention_head_dim",
        "cross_attention_dim",
        "caption_channels",
        "audio_num_attention_heads",
        "audio_attention_head_dim",
        "audio_cross_attention_dim",
        "connector_num_layers",
        "connector_num_attention_heads",
        "connector_attention_head_dim",
        "audio_connector_num_attention_heads",
        "audio_connector_attention_head_dim",
    },
    "vae": {"encoder_base_channels", "decoder_base_channels"},
    "audio_vae": {"model.params.ddconfig.ch", "model.params.ddconfig.num_res_blocks"},
}
# The tiny VAE compresses 8 x 32 x 32 too, in fewer blocks.
OTHER_BLOCKS = {"encoder_blocks", "decoder_blocks"}


def flat(values, prefix=""):
    """Every value by its path."""
    found = {}
    for key, value in values.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def test_the_tiny_checkpoint_has_every_key_of_the_true_one():
    for part, true in TRUE.items():
        tiny = tiny_architecture.CHECKPOINT[part]
        assert set(flat(true)) - set(flat(tiny)) == set(), part


def test_only_sizes_differ_and_all_are_smaller():
    for part, true in TRUE.items():
        tiny, whole = flat(tiny_architecture.CHECKPOINT[part]), flat(true)
        differing = {key for key in whole if tiny[key] != whole[key]} - OTHER_BLOCKS
        assert differing == SMALLER[part], part
        assert all(tiny[key] < whole[key] for key in differing)


def test_what_the_model_counts_and_where_it_stands_in_time_are_the_true_ones():
    transformer = tiny_architecture.CHECKPOINT["transformer"]
    assert transformer["causal_temporal_positioning"] is True
    assert transformer["av_ca_timestep_scale_multiplier"] == 1000
    assert transformer["timestep_scale_multiplier"] == 1000
