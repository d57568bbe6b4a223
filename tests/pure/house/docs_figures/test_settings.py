"""Values of the shipped workflows that pages tell: docs/workflows.md, docs/known_good_settings.md, the README and the guide."""

from __future__ import annotations

import json

import pytest

from audio_loop.cost.recipe import HALF
from audio_loop.loop_control.geometry import ROPE_SECONDS
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.units import SPATIAL_STEP_PX
from audio_loop.workflow_graph.audit.rules.preprocess_compression import TRAINED
from audio_loop.workflow_graph.shipped import models
from audio_loop.workflow_graph.shipped.variant import Variant

from ..import_graph import REPOSITORY
from .phrases import check, told, word
from .shipped import COMFYUI, DEFAULT, ONE_STAGE, PYTHON, SMOKE, value

WINDOW, OVERLAP = value(DEFAULT, 688), value(DEFAULT, 2013)
FINISH_STEPS = value(DEFAULT, 2511, "sigmas").count(",")
OWN_PX = value(DEFAULT, 1634, "width"), value(DEFAULT, 1634, "height")
ONE_STAGE_PX = value(ONE_STAGE, 1634, "width"), value(ONE_STAGE, 1634, "height")
TWO_STAGES_STEP = int(value(DEFAULT, 1634, "multiple_of"))
GB = sum(file["size_gb"] for file in models.FILES.values())
CLASSIC = json.loads((REPOSITORY / "example_workflows/classic/audio-loop-music-video_latent_classic.json").read_text("utf-8"))
SEPARATOR, SEPARATED = sorted(node["id"] for node in CLASSIC["nodes"] if node["type"].startswith("MelBand"))
PLAN = make_plan(audio_samples=180 * 44100, sample_rate=44100, window_seconds=WINDOW, overlap_seconds=OVERLAP, fps=25)

WORKFLOWS = [
    ("one short window and {} iteration, to see", word(value(SMOKE, 1560, "max_iterations"))),
    ("prompts over time; a draft at {} the size, then", {2: "half"}[HALF]),
    ("in windows of {:g} s one after the other", WINDOW),
    ("is its first frame at a strength of {:g} and guides", value(DEFAULT, 531, "strength")),
    ("and refined in {} steps with", FINISH_STEPS),
    ("picture at full size and strength {:g}. Its", value(DEFAULT, 2515, "first_strength")),
    ("full size and strength {:g}. Its", value(DEFAULT, 2521, "strength")),
    ("windows are shorter ({:g} s, which", value(DEFAULT, 2502)),
    ("width and height are multiples of {}. {} x {} (default), {} x {}, 1920", TWO_STAGES_STEP, *OWN_PX, *ONE_STAGE_PX),
    ("already ({} and {}): take", SEPARATOR, SEPARATED),
    ("They need Python {} and", PYTHON),
]
SETTINGS = [
    ("| cfg | 153 and 644 *CFGGuider* | {:g} |", value(ONE_STAGE, 644, "cfg")),
    ("| cfg | 153 and 644 *CFGGuider* | {} |", round(value(ONE_STAGE, 153, "cfg"))),
    ("| window_seconds | 688, shown on *Render song* | {:g} |", WINDOW),
    ("| overlap_seconds | shown on *Render song* | {:g}, or 3", OVERLAP),
    ("| frames per second | 526 | {:g} |", value(DEFAULT, 526)),
    ("| 446 *LTXVPreprocess* | {} |", value(ONE_STAGE, 446, "img_compression")),
    (
        "*Latent Guide* | frame_offset {}, strength {:g} (from",
        *(value(ONE_STAGE, 1519, "frame_offset"), value(ONE_STAGE, 1519, "strength")),
    ),
    (
        "*LTXVImgToVideoInplace* | strength {:g} in one stage, {:g} in a draft |",
        *(value(ONE_STAGE, 531, "strength"), value(DEFAULT, 531, "strength")),
    ),
    (
        "(Batch Encode)* | {}, {:g} |",
        {True: "on"}[value(ONE_STAGE, 1558, "snap_boundaries")],
        value(ONE_STAGE, 1558, "blend_seconds"),
    ),
    ("*TrimAudioDuration* | {:g} |", value(ONE_STAGE, 567, "start_index")),
    ("| multiples of {}, of {} in two stages; {} x {} in one stage |", SPATIAL_STEP_PX, TWO_STAGES_STEP, *ONE_STAGE_PX),
    ("| sampler_name | 154 *KSamplerSelect* | `{}`, not", value(ONE_STAGE, 154, "sampler_name")),
    ("*Sage Attention (mask aware)* | `{}` |", value(ONE_STAGE, 268, "mode")),
]
README = [
    ("samples about {} seconds at once", ROPE_SECONDS),
    ("3:00 are an initial render and {} iterations", word(PLAN.iterations)),
    ("The whole song at {} the size", {2: "half"}[HALF]),
    ("ComfyUI {} or newer, an NVIDIA", COMFYUI),
    ("and {:.0f} GB of disk", GB),
]
GUIDE = [
    ("ComfyUI {} or newer on", COMFYUI),
    (" {:.0f} GB of disk for the models", GB),
    ("The {} files and their sizes", word(len(models.FILES))),
]
FIGURES = [
    *told("docs/workflows.md", WORKFLOWS),
    *told("docs/known_good_settings.md", SETTINGS),
    *told("README.md", README),
    *told("docs/guides/first_video.md", GUIDE),
    *told("docs/audit.md", [("It needs Python {} and", PYTHON)]),
    *told("docs/migrations.md", [("need a plain Python {} or newer", PYTHON)]),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_settings_on_pages_are_those_of_the_shipped_workflows(figure):
    check(figure)


def test_shipped_values_are_those_that_the_audit_and_the_counting_go_by():
    assert (Variant.window_seconds, Variant.overlap_seconds) == (WINDOW, OVERLAP)
    assert (Variant.width, Variant.height) == ONE_STAGE_PX
    assert value(ONE_STAGE, 446, "img_compression") == TRAINED
