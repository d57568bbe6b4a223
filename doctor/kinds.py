"""Names of symptoms, and the layers in which their causes are looked for, from the most seen to the subtlest."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "decode_tile_pulse",
    "visible_cut",
    "odd_window",
    "frozen_start",
    "frozen_window",
    "black_window",
    "duplicated_frames",
    "missing_frames",
    "colour_drift",
    "contrast_drift",
    "sharpness_drift",
    "style_drift",
    "identity_drift",
    "zoom_creep",
    "audio_offset",
    "audio_drift",
    "lip_sync",
    "dull_audio",
    "schedule_timing",
]

Layer = Literal["prompt", "decoder tiles", "cuts", "schedule mixing", "audio", "model"]
