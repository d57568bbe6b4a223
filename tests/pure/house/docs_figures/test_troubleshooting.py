"""Settings and seconds on docs/troubleshooting.md and docs/audit.md are those of the code; more of them are held in
`tests/pure/house/test_troubleshooting.py`."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.preparing.preparation import Settings
from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.audio.sound_report.bands import SIBILANCE
from audio_loop.audio.sound_report.verdicts.dull import MOST_GAP_DB
from audio_loop.audio.sound_report.verdicts.noisy import LEAST_SNR_DB
from audio_loop.loop_control.draft_length import draft_latents, or_less
from audio_loop.loop_control.geometry import make_geometry
from audio_loop.loop_control.noise_levels import TRAINED as LEVELS
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.units import PIXELS_PER_LATENT, SPATIAL_STEP_PX
from audio_loop.workflow_graph.audit.engine import all_rules
from audio_loop.workflow_graph.audit.rules import audio_trim_default, preprocess_compression, window_length
from audio_loop.workflow_graph.audit.rules.blend_seconds import mixed_windows
from audio_loop.workflow_graph.audit.rules.decoder import right_core_values
from audio_loop.workflow_graph.migrations.steps.preprocess_compression import COMPRESSION
from audio_loop.workflow_graph.shipped import finish
from audio_loop.workflow_graph.shipped.variant import Variant

from .phrases import check, text_of, told, word
from .shipped import DEFAULT, ONE_STAGE, SMOKE, value

FPS = Fraction(25)
WINDOW, OVERLAP = Variant.window_seconds, Variant.overlap_seconds
STRIDES = {overlap: make_geometry("19.88", overlap, FPS).stride for overlap in (1, 2, 3, 4)}
STRIDE, STRIDE_PX = STRIDES[2], round(STRIDES[2] * FPS)
SPEECH_CUT, *SPEECH = PRESETS["speech"].chain


def seam(size: int, shared: int) -> int:
    """Frames from one seam of VAE Decode (Tiled) to the next."""
    return size - shared


def most_of_finish(draft_iterations: int) -> int:
    """The cap of the finish's planner that a capped draft suffices for."""
    song = {"audio_samples": 180 * 44100, "sample_rate": 44100, "fps": 25}
    draft = make_plan(**song, window_seconds=WINDOW, overlap_seconds=OVERLAP, max_iterations=draft_iterations)
    window, overlap = finish.WINDOW_SECONDS, finish.OVERLAP_SECONDS
    whole = make_plan(**song, window_seconds=window, overlap_seconds=overlap, order="anchors first")
    return int(re.search(r"planner to (\d+)", or_less(draft_latents(draft), whole))[1])


def strides_for(windows: int) -> int:
    """The longest blend, in strides, that mixes so many windows at each change."""
    return max(n for n in range(1, 9) if mixed_windows(n * STRIDE, STRIDE) == windows)


TROUBLE = [
    ("a jump of colours or of the face about every {:.0f} s |", STRIDE),
    (" {} and {} give a seam every {} frames, {:g} s at {:g} fps", 64, 8, seam(64, 8), seam(64, 8) / FPS, FPS),
    ("For windows of {:g} s at {:g} fps:", WINDOW, FPS),
    *(
        (f"| {overlap} | {{:.2f}} s | {{}}, {{}} |", stride, *right_core_values(round(stride * FPS)))
        for overlap, stride in STRIDES.items()
    ),
    ("Too little memory: 256, 32 has a seam every {:g} s. ComfyUI", seam(256, 32) / FPS),
    ("more windows: at {:g} fps and {:g} s,", FPS, WINDOW),
    ("comes out ({:g} becomes {:g} s)", OVERLAP, float(make_geometry("19.88", 2, FPS).overlap)),
    ("Something odd at {:.0f}, {:.0f}, {:.0f} s lies", *(k * STRIDE for k in (1, 2, 3))),
    (
        "The model hears sound at {:g} kHz. If {:g} to {:g} kHz lies more than about {:g} dB below",
        LISTENING_HZ / 1000,
        SIBILANCE.low_hz / 1000,
        SIBILANCE.high_hz / 1000,
        MOST_GAP_DB,
    ),
    ("covers the voice and noise less than {:g} dB below", LEAST_SNR_DB),
    (
        "Preset *speech*: high-pass at {:g} Hz, {:g} dB at {:g} Hz, {:g} dB at {:g} Hz, {:+g} dB at {:g} kHz, {:+g} dB at {:g} "
        "kHz, then {:g} LUFS with true peaks up to {:g} dB. *",
        SPEECH_CUT.hz,
        *(part for bell in SPEECH[:2] for part in (bell.gain_db, bell.hz)),
        *(part for bell in SPEECH[2:] for part in (bell.gain_db, bell.hz / 1000)),
        *(Settings.target_lufs, Settings.true_peak_dbtp),
    ),
    ("(window {:g}, overlap {:g}).", WINDOW, OVERLAP),
    ("went to {:.0f} x {:g} = {:g} s. `", Fraction(75) // STRIDE, float(STRIDE), float(75 // STRIDE * STRIDE)),
    ("taken as one stride ({:g} s) |", float(STRIDE)),
    ("| one stride, up to {} ({:g} s) | no ramp: a single", word(strides_for(1)), float(strides_for(1) * STRIDE)),
    (
        "| more than {} strides | a ramp over {} windows, of more than {} over {};",
        *(word(strides_for(1)), mixed_windows(3 * STRIDE, STRIDE), word(strides_for(3)), mixed_windows(5 * STRIDE, STRIDE)),
    ),
    ("*img_compression* of *LTXVPreprocess* to {}; 35", preprocess_compression.TRAINED),
    ("changes a 0 to {} the first time", COMPRESSION),
    (
        "A stride of {:g} s ({:g} - {:g}) against {:g} s that are really made is {:.2f} s a window",
        *(round(WINDOW - OVERLAP, 2), WINDOW, OVERLAP, float(STRIDE), float(STRIDE) - (WINDOW - OVERLAP)),
    ),
    ("stride is exact: {:.2f}, {:.2f}, {:.2f} s for overlaps of 2, 3, 4", *(STRIDES[each] for each in (2, 3, 4))),
    (
        "A latent is {} by {} pixels; graphs of two stages, such as the default, need multiples of {}. {} x {}, 832",
        *(SPATIAL_STEP_PX, SPATIAL_STEP_PX, value(DEFAULT, 1634, "multiple_of"), Variant.width, Variant.height),
    ),
    ("to {} at most for a draft of 1 iteration, to {} for one of 3. *", most_of_finish(1), most_of_finish(3)),
    ("*audio-loop_smoke* is one short window and {} iteration", word(value(SMOKE, 1560, "max_iterations"))),
]
RULES = {rule.code: rule for rule in all_rules()}
AUDIT = [
    ("## The {} rules ###", len(RULES)),
    ("older files were saved with start {} and duration {} -", *audio_trim_default._OLD_DEFAULT),
    ("where it is sampled in the {} distilled steps.", len(LEVELS) - 1),
    ("needs 20 steps or more; {} are enough only", len(LEVELS) - 1),
    ("distilled LoRA to {:g}, or load", value(ONE_STAGE, 2014, "strength_model")),
    ("a latent holds {} frames, the first", PIXELS_PER_LATENT),
    ("The length in frames is {}k + 1", PIXELS_PER_LATENT),
    ("gets its own {} noise levels", len(LEVELS) - 1),
    ("Img_compression of LTXVPreprocess is {} or more.", preprocess_compression.TRAINED),
    ("set img_compression of that node to {} ###", preprocess_compression.TRAINED),
    ("Width and height are multiples of {}, of {} if", SPATIAL_STEP_PX, value(DEFAULT, 1634, "multiple_of")),
    ("one latent is {} by {} pixels", SPATIAL_STEP_PX, SPATIAL_STEP_PX),
    ("A window is at most {} s long.", window_length.LONGEST_SECONDS),
    ("positions in time up to {} s; what", window_length.LONGEST_SECONDS),
    ("Mend: set overlap_seconds to {:g}, or 3", OVERLAP),
]
FIGURES = [*told("docs/troubleshooting.md", TROUBLE), *told("docs/audit.md", AUDIT)]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_pages_are_those_of_the_code(figure):
    check(figure)


def test_of_the_sizes_all_fit_two_stages():
    (page,) = {figure.page for figure in FIGURES if "trouble" in figure.page}
    sizes = re.search(r"need multiples of 64\. ((?:\d+ x \d+(?:, | and )?)+) fit both", text_of(page))[1]
    assert all(int(side) % 64 == 0 for side in re.findall(r"\d+", sizes)), sizes


def test_the_last_mend_of_the_audit_is_the_default_window():
    assert RULES["window_length"].mend == f"set window_seconds to {WINDOW:g}"
