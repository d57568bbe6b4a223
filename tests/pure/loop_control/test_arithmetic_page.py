"""Every number of docs/reference/plan_arithmetic.md, computed from the plan."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from audio_loop.loop_control.audio_facts import ENCODE_BLOCK, ENCODE_HZ
from audio_loop.loop_control.model_facts import ModelFacts
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.rates import decimal_text
from audio_loop.loop_control.seeds import SEED_COUNT
from audio_loop.loop_control.units import (
    AUDIO_LATENTS_PER_SECOND,
    PIXELS_PER_LATENT,
    SPATIAL_STEP_PX,
    first_pixel_of_latent,
    latents_from_pixels,
    pixels_from_latents,
)

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "plan_arithmetic.md").read_text("utf-8")
FPS, WINDOW, OVERLAP, HZ, SEED = 25, 19.88, 2, 44100, 42


def plan_of(seconds, overlap=OVERLAP, **more):
    samples = int(Fraction(str(seconds)) * HZ)
    return make_plan(
        audio_samples=samples,
        sample_rate=HZ,
        window_seconds=WINDOW,
        overlap_seconds=overlap,
        fps=FPS,
        base_seed=SEED,
        **more,
    )


def clock(seconds):
    minutes, rest = divmod(Fraction(str(seconds)), 60)
    return f"{minutes}:{float(rest):05.2f}"


MINUTE, FULL, SONG = plan_of(60), plan_of(60, last_window="full"), plan_of(180)
GAPS, LTX_25 = plan_of(60, order="anchors first"), plan_of(60, model=ModelFacts(lead_in_latents=1))


def seen(plan, k):
    return f"{decimal_text(plan.visible_from(k))} s"


def span(pair):
    return f"{pair[0]} to {pair[1]}"


def rows():
    for px in (1, 9, MINUTE.last_window_px, MINUTE.window_px):
        yield px, latents_from_pixels(px)
    for overlap in (1, 2, 3, 4):
        plan = plan_of(180, overlap)
        shared = f"{decimal_text(plan.overlap)} s, {plan.overlap_latents} latents"
        stride = f"{decimal_text(plan.stride)} s"
        yield overlap, shared, stride, plan.iterations, sum(window.window_px for window in plan.windows)
    for seconds in (12, 19.88, 19.91, 19.92, 37.8, 60, 180):
        plan = plan_of(seconds)
        yield clock(seconds), plan.song_frames, plan.iterations
    for k, window in enumerate(MINUTE.windows):
        new = window.new_start_px, window.new_stop_px
        facts = span(window.audio_samples), span(window.latents), window.context_before_latents, window.seed
        yield k, window.window_start_px, window.window_px, span(new), seen(MINUTE, k), *facts
    for k, window in enumerate(GAPS.windows):
        new = window.new_start_px, window.new_stop_px
        yield k, span(new), seen(GAPS, k), window.context_before_latents, window.context_after_latents


def sentences():
    yield f"the defaults: {FPS} fps, `window_seconds` {WINDOW}, `overlap_seconds` {OVERLAP}, a song at {HZ} Hz"
    yield f"{FPS} fps"
    per = PIXELS_PER_LATENT
    yield f"stands for {first_pixel_of_latent(1)} pixel frame, each further one for {per}. So a clip has `{per}k + 1`"
    yield f"latents = (frames - 1) / {per} + 1"
    yield f"frames  = (latents - 1) * {per} + 1"
    yield f"one latent for {SPATIAL_STEP_PX} pixels"
    yield f"audio latents of LTX 2.3: {AUDIO_LATENTS_PER_SECOND} a second"
    yield f"the largest {per}k + 1 that"
    yield f"(round(overlap_seconds * fps) - 1) / {per} + 1"
    yield f"{per} * new_latents"
    yield f"{WINDOW} s are {SONG.window_px} frames, which is {SONG.window_latents} latents"
    shared, stride = decimal_text(SONG.overlap), decimal_text(SONG.stride)
    yield f"{OVERLAP} s are {OVERLAP * FPS} frames, which fill {SONG.overlap_latents} latents"
    yield f", and those are {SONG.overlap_px} frames."
    yield f"So {SONG.new_latents} latents are new in each window, and the stride is {SONG.stride_px} frames, {stride} s"
    yield f"overlap that comes out is {shared} s, not {OVERLAP}:"
    yield f"more than {SONG.rope_limit_px} frames at {FPS} fps leaves the 20 s that"
    yield "iterations for 3:00 |"
    yield "at least 0"
    yield "is window 0, and"
    yield "lowers N; 0 is no limit"
    yield "from 0 for k = 0"
    yield f"seconds * {HZ}, rounded"
    yield f"modulo 2 to the power of {SEED_COUNT.bit_length() - 1}"
    yield f"Base seed {SEED},"
    yield f"smallest `{per}k + 1` frames that"
    yield f"here {MINUTE.last_window_px} in place of {MINUTE.window_px}."
    yield f"decode to {MINUTE.frames_made} frames, and the video gets the {MINUTE.frames_delivered} that"
    yield f"last window has {FULL.last_window_px}, and {FULL.frames_made} are sampled for the same {FULL.frames_delivered}."
    yield f"last window, {MINUTE.padded_samples} samples,"
    yield f"blocks of {ENCODE_BLOCK}, to {MINUTE.encode_samples}."
    yield f"up to {ENCODE_BLOCK / 2 / ENCODE_HZ * 1000:.0f} ms"
    yield f"the windows {', '.join(map(str, range(0, 5, 2)))} and so on"
    yield f"in the order {', '.join(map(str, GAPS.sequence))}:"
    yield "## LTX 2.5"
    first = LTX_25.nth_window(1)
    yield f"Of the {first.context_before_latents} latents of context the first {first.lead_in_latents} is a lead-in"


FLAT = " ".join(PAGE.split())
SENTENCES = [" ".join(each.split()) for each in sentences()]


def test_the_tables_are_computed():
    written = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", PAGE, re.MULTILINE) if row[0].isdigit()]
    computed = [[str(cell) for cell in row] for row in rows()]
    assert [row[: len(right)] for row, right in zip(written, computed, strict=True)] == computed


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_the_numbers_of_the_plan(sentence):
    assert sentence in FLAT


def test_no_other_number_is_on_the_page():
    rest = " ".join(line for line in PAGE.splitlines() if not line.startswith("| ") or not line[2].isdigit())
    rest = " ".join(rest.split())
    for sentence in sorted(SENTENCES, key=len, reverse=True):
        rest = rest.replace(sentence, " ")
    assert re.findall(r"[^.]{0,30}\d[^.]{0,20}", rest.replace("ltx25.md", "")) == []


def test_the_rest_of_the_tables_holds():
    assert MINUTE.windows[1].new_start_px == MINUTE.stride_px + MINUTE.overlap_px
    assert pixels_from_latents(MINUTE.window_latents) == MINUTE.window_px
    earlier = MINUTE.windows[2].new_start_px - GAPS.windows[2].new_start_px
    assert earlier == MINUTE.overlap_px - 1
    assert "one overlap earlier, but for one frame" in PAGE
    assert [window.latents for window in LTX_25.windows] == [window.latents for window in MINUTE.windows]
