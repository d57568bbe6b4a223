"""Facts of LTX and sizes of its files, on the pages about models, are those that the code goes by."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from audio_loop.comfyui_internals.model_facts import MARKER_SINCE
from audio_loop.cost.architecture import PUBLISHED_22B
from audio_loop.cost.stage import Stage
from audio_loop.loop_control import units
from audio_loop.loop_control.geometry import ROPE_SECONDS, SMALLEST_WINDOW_LATENTS, make_geometry
from audio_loop.loop_control.noise_levels import REFINING, ROWS, TRAINED
from audio_loop.workflow_graph.audit.rules.preprocess_compression import TRAINED as COMPRESSION
from audio_loop.workflow_graph.shipped import models
from audio_loop.workflow_graph.shipped.variant import Variant

from .phrases import check, told, word
from .shipped import COMFYUI, DEFAULT, LTX_25, ONE_STAGE, TEMPLATES, default, value

GB = {name: file["size_gb"] for name, file in models.FILES.items()}
DISTILLED_GB = re.search(r"distilled-fp8\.safetensors\]\(\S+\), ([\d.]+) GB", models.STREAMED)[1]
STEPS, FINER_STEPS = len(TRAINED) - 1, len(REFINING) - 1
FEWER = [len(levels) - 1 for name, levels in ROWS.items() if name[0].isdigit() and "unproven" in name]
FEWER_FINER = [len(levels) - 1 for name, levels in ROWS.items() if name.startswith("second stage") and "unproven" in name]
LORA = value(ONE_STAGE, 2014, "strength_model")
STEP, CHANNELS, RATE = units.SPATIAL_STEP_PX, units.VIDEO_LATENT_CHANNELS, units.AUDIO_LATENTS_PER_SECOND
AUDIO_CHANNELS, BINS = units.AUDIO_LATENT_CHANNELS, units.AUDIO_LATENT_BINS
AUDIO_STEPS = units.AUDIO_VAE_HOP, units.AUDIO_VAE_DOWNSAMPLE
WINDOW = make_geometry("19.88", 2, Fraction(25))
ALONE, GUIDED = (
    Stage(Variant.width, Variant.height, STEPS, guide_latents=each).call(WINDOW.window_px, Fraction(25)) for each in (0, 1)
)
HEAD = PUBLISHED_22B.video_width // PUBLISHED_22B.num_attention_heads
GUIDE = value(ONE_STAGE, 1269)


def levels(row: tuple[float, ...]) -> str:
    """As pages write them."""
    return ", ".join(str(each) for each in row)


MODELS = [
    ("distilled LoRA 1.1 at {:g}, as", LORA),
    ("Load Checkpoint, with LoRA | {} | | ltx_2.3", GB[models.CHECKPOINT]),
    ("Load LoRA | {} |", GB[models.DISTILLED_LORA]),
    ("Load Latent Upscale Model | {} |", GB[models.SPATIAL_UPSCALER]),
    ("ltx-2.3-22b-distilled-fp8.safetensors) | checkpoints | Load Checkpoint | {} |", DISTILLED_GB),
    (
        "LoRA of rank {} adds {:g} GB to what a step streams",
        re.search(r"rank_(\d+)_", models.DISTILLED_LORA)[1],
        GB[models.DISTILLED_LORA],
    ),
    ("**Steps.** {} levels, and {} in a second stage, are what", STEPS, FINER_STEPS),
    ("and rows of {}, {} and {} ({} in a second stage)", *FEWER, *FEWER_FINER),
    ("ComfyUI {}'s own rule", COMFYUI),
]
LTX = [
    ("| frames of a clip | {}k + 1 |", units.PIXELS_PER_LATENT),
    ("| pixels of a latent, each way | {} |", STEP),
    ("| channels of a video latent | {} |", CHANNELS),
    ("| audio latents a second | {} |", RATE),
    ("audio_vae.py`: {} Hz, hop {}, {} |", units.AUDIO_VAE_HZ, *AUDIO_STEPS),
    ("| channels and bins of an audio latent | {} and {} |", AUDIO_CHANNELS, BINS),
    ("| positions in time reach | {} s | {} s |", ROPE_SECONDS, ROPE_SECONDS),
    (
        "- {} layers of {} heads of {}, a width of {} (header",
        *(PUBLISHED_22B.num_layers, PUBLISHED_22B.num_attention_heads, HEAD, PUBLISHED_22B.video_width),
    ),
    (
        "A window of {} x {} and {} frames is {} video tokens, with the guide {}, and {} audio latents",
        *(Variant.width, Variant.height, WINDOW.window_px, ALONE.video_tokens, GUIDED.video_tokens, ALONE.audio_latents),
    ),
    ("was trained on {} noise levels, and cfg {:g}: {}. A second", STEPS, value(ONE_STAGE, 153, "cfg"), levels(TRAINED)),
    ("stage takes {} steps: {}. *Distilled", word(FINER_STEPS), levels(REFINING)),
    ("distilled LoRA 1.1 at {:g}, as", LORA),
    ("`img_compression` {}, the template's figure", COMPRESSION),
    ("Width and height are multiples of {}; with two stages, of {}. What", STEP, value(DEFAULT, 1634, "multiple_of")),
]
NEW = [
    ("refuses and names {}. A ComfyUI", MARKER_SINCE),
    (
        "dual CFG guider, duration head | {} (",
        MARKER_SINCE,
    ),
    ("package comfyui-workflow-templates-json {} |", TEMPLATES),
    ("The pack needs {}, which", COMFYUI),
    (
        "as in 2.3**: {} frames and {} pixels a latent, {} channels; {} audio latents a second of {} channels and {} bins",
        *(units.PIXELS_PER_LATENT, STEP, CHANNELS, RATE, AUDIO_CHANNELS, BINS),
    ),
    ("Hz, hop {}, {}), vocoder", *AUDIO_STEPS),
    ("bins ({} Hz,", f"{units.AUDIO_VAE_HZ:,}".replace(",", " ")),
    ("Positions reach {} s.", ROPE_SECONDS),
    (
        "the {} distilled levels of 2.3, `LTXVDualCFGGuider` at {:g} and {:g}, {:g} frames per",
        *(STEPS, value(LTX_25, 153, "video_cfg"), value(LTX_25, 153, "audio_cfg"), value(LTX_25, 526)),
    ),
    ("plain Euler for the {} steps of", word(FINER_STEPS)),
    ("each further one for {} frames. ComfyUI adds", units.PIXELS_PER_LATENT),
    ("those is {} frames of movement", word(units.PIXELS_PER_LATENT)),
    ("so an overlap of {} latent is refused", word(SMALLEST_WINDOW_LATENTS - 1)),
    ("refines it in {} steps)", FINER_STEPS),
]
CONDITIONING = [
    ("| 1 - s, at least 0: {:g} in the shipped graphs, whose guide has {:g} |", round(1 - GUIDE, 9), GUIDE),
    (
        "with `nag_scale` {:g}, `nag_alpha` {:g} and `nag_tau` {:g}. At",
        *(default("LTXNormalizedAttentionGuidance", name) for name in ("nag_scale", "nag_alpha", "nag_tau")),
    ),
]
WORDS_OF_THE_PACK = [
    ("the first and then every {} make a latent", units.PIXELS_PER_LATENT),
    ("video (B, {}, T, H/{}, W/{}) and", CHANNELS, STEP, STEP),
]
AUDIT = [('put ManualSigmas with "{}" there', levels(TRAINED))]
FIGURES = [
    *told("AGENTS.md", WORDS_OF_THE_PACK),
    *told("docs/audit.md", AUDIT),
    *told("docs/models.md", MODELS),
    *told("docs/reference/ltx.md", LTX),
    *told("docs/ltx25.md", NEW),
    *told("docs/reference/conditioning.md", CONDITIONING),
    *told("docs/attention.md", [("the shipped graphs use {:g})", GUIDE)]),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_about_models_are_those_of_the_code(figure):
    check(figure)
