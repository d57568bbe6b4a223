from __future__ import annotations

import json
import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.audio_facts import ENCODE_BLOCK, resampled_length
from audio_loop.loop_control.plan import PlanError, make_plan
from audio_loop.loop_control.plan_notes import plan_notes
from audio_loop.loop_control.seeds import parse_seed_overrides
from audio_loop.loop_control.stored_plan import plan_from_json
from audio_loop.loop_control.units import is_clip_px


def plan_of(seconds, **changes):
    rate = changes.pop("sample_rate", 44100)
    values = {"window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "last_window": "full", **changes}
    return make_plan(audio_samples=int(Fraction(str(seconds)) * rate), sample_rate=rate, **values)


@pytest.mark.parametrize(
    ("overlap", "latents", "new", "stride", "effective"),
    [(1, 4, 59, "18.88", "1.00"), (2, 7, 56, "17.92", "1.96"), (3, 10, 53, "16.96", "2.92"), (4, 13, 50, "16", "3.88")],
)
def test_the_geometry_table(overlap, latents, new, stride, effective):
    plan = plan_of(180, overlap_seconds=overlap)
    assert (plan.window_px, plan.window_latents, plan.window) == (497, 63, Fraction("19.88"))
    assert (plan.overlap_latents, plan.new_latents) == (latents, new)
    assert plan.stride == Fraction(stride)
    assert plan.overlap == Fraction(effective)
    assert plan.overlap_px == plan.window_px - plan.stride_px


@pytest.mark.parametrize(
    ("window", "fps", "overlap", "expected"),
    [
        (10, 25, 2, (249, 32, 7, 25, 200, 49)),
        (20, 25, 2, (497, 63, 7, 56, 448, 49)),
        (19.7083, 24, 2, (473, 60, 6, 54, 432, 41)),
        (19.88, 23.976, 2, (473, 60, 6, 54, 432, 41)),
        (19.88, 29.97, 2, (593, 75, 8, 67, 536, 57)),
    ],
)
def test_other_geometries(window, fps, overlap, expected):
    p = plan_of(180, window_seconds=window, fps=fps, overlap_seconds=overlap)
    assert (p.window_px, p.window_latents, p.overlap_latents, p.new_latents, p.stride_px, p.overlap_px) == expected


@pytest.mark.parametrize(
    ("seconds", "iterations"),
    [(10, 0), (19.88, 0), (20, 1), (37.8, 1), (37.81, 1), (37.84, 2), (60, 3), (180, 9), (184, 10), (199, 10), (240, 13)],
)
def test_iterations(seconds, iterations):
    plan = plan_of(seconds)
    assert plan.iterations == iterations
    assert plan.frames_made == 497 + 448 * iterations
    assert plan.frames_delivered == math.floor(Fraction(str(seconds)) * 25)


def test_seams_lie_at_the_end_of_each_window():
    plan = plan_of(60)
    seams = [window.new_start_px / plan.fps for window in plan.windows[1:]]
    assert seams == [Fraction("19.88"), Fraction("37.80"), Fraction("55.72")]
    assert [plan.visible_from(k) for k in range(3)] == [0, Fraction("19.88"), Fraction("37.80")]


def test_a_segment_in_full():
    window = plan_of(180, base_seed=40).nth_window(4)
    assert window.window_start_px == 1792
    assert (window.window_px, window.window_latents) == (497, 63)
    assert (window.new_start_px, window.new_stop_px) == (1841, 2289)
    assert window.audio_samples == (3161088, 4037796)  # 71.68 s and 91.56 s
    assert window.audio_latents == (1792, 2289)
    assert window.seed == 44


def test_start_index_keeps_half_a_second_from_the_end_and_above_zero():
    plan = plan_of(36)
    assert [plan.start_index(k) for k in (0, 1, 2, 3)] == [0, Fraction("17.92"), Fraction("35.5"), Fraction("35.5")]
    assert plan_of(0.5).start_index(1) == 0


def test_should_stop():
    plan = plan_of(180)
    assert [plan.should_stop(k) for k in (0, 8, 9, 10)] == [False, False, True, True]
    assert plan_of(10).should_stop(0)
    exact = plan_of("37.8")
    assert [exact.should_stop(k) for k in (0, 1)] == [False, True]


def test_a_limit_cuts_and_is_told():
    plan = plan_of(180, max_iterations=3)
    assert (plan.iterations, plan.needed_iterations) == (3, 9)
    assert plan.frames_made == plan.frames_delivered == 497 + 3 * 448
    assert [plan.should_stop(k) for k in (2, 3)] == [False, True]
    assert "max_iterations 3 stops the video at 1:13.64" in plan_notes(plan)[0]
    assert "3:00.00" in plan_notes(plan)[0]


def test_a_limit_never_adds():
    plan = plan_of(20, max_iterations=50)
    assert plan.iterations == 1
    assert not any("max_iterations" in note for note in plan_notes(plan))


def test_what_is_refused_is_told_apart_from_what_would_work():
    with pytest.raises(PlanError, match=r"is 0\.49998 s long; .* at least 0\.5 s,.*22049 samples.* 22050 are needed"):
        plan_of(Fraction(22049, 44100))
    with pytest.raises(PlanError, match=r"0\.9999 s long, less than one frame at 1 fps.*at least 1\.0 s"):
        plan_of(Fraction(9999, 10000), sample_rate=10000, fps=1, window_seconds=30, overlap_seconds=5)
    notes = plan_notes(plan_of(180, window_seconds="19.8800001"))
    assert any("window 19.8800001 s became 19.88 s" in note for note in notes)


def test_rounded_targets_are_told():
    notes = plan_notes(plan_of(180, window_seconds=20))
    assert "window 20.0 s became 19.88 s (497 frames, 63 latents)." in notes
    assert "overlap 2.0 s became 1.96 s (49 frames, 7 latents)." in notes
    assert plan_notes(plan_of(180, overlap_seconds=1.96)) == ()


def test_a_window_past_the_trained_positions_is_told():
    assert plan_of(180, window_seconds=20.2, overlap_seconds=1.96).rope_limit_px == 504
    assert not any("504" in note for note in plan_notes(plan_of(180, window_seconds=19.88)))
    assert any("504" in note for note in plan_notes(plan_of(180, window_seconds=20.2)))


def test_a_window_longer_than_the_song_is_told():
    assert any("the loop does not run" in note for note in plan_notes(plan_of(10)))


def test_seed_overrides_reach_their_segment_and_idle_ones_are_told():
    plan = plan_of(60, base_seed=100, seed_overrides=parse_seed_overrides("2: 7, 3: +10, 12: 1"))
    assert [window.seed for window in plan.windows] == [100, 101, 7, 113]
    assert any("window 12 has no effect" in note for note in plan_notes(plan))


def test_an_override_of_the_initial_seed_says_what_it_needs():
    plan = plan_of(60, base_seed=100, seed_overrides=parse_seed_overrides("0: +1000, 2: 7"))
    (note,) = [note for note in plan_notes(plan) if "seed" in note]
    assert "window 0 counts only if" in note
    assert "base seed 100" in note


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"overlap_seconds": 0}, r"overlap_seconds is 0; .*at least 1 latent.* 0\.04 s"),
        ({"overlap_seconds": -1}, r"overlap_seconds is -1; .* 0\.04 s"),
        ({"overlap_seconds": 19.88}, r"overlap_seconds is 19\.88, .*largest overlap that works with this window is 9\.64 s"),
        ({"overlap_seconds": 30}, r"overlap_seconds is 30, .* 9\.64 s"),
        ({"overlap_seconds": "two"}, "overlap_seconds is 'two', which is not a number"),
        ({"window_seconds": 0}, r"window_seconds is 0, .*at least 9 frames \(0\.36 s\)"),
        ({"window_seconds": -5}, r"window_seconds is -5, .*0\.36 s"),
        ({"window_seconds": float("nan")}, "window_seconds is nan"),
        ({"fps": 0}, "fps is 0"),
        ({"base_seed": -1}, "seed is -1.*nearest is 0"),
        ({"base_seed": 2**64}, "nearest is 18446744073709551615"),
        ({"max_iterations": -1}, "max_iterations is -1"),
        ({"last_window": "short"}, "'full' or 'fit'"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(changes, message):
    with pytest.raises(PlanError, match=message):
        plan_of(180, **changes)


@pytest.mark.parametrize(
    ("window", "fps"), [(19.88, 25), (1, 25), (1, 24), (5.01, "24000/1001"), (0.4, 25), (9.64, 30), (3, 120)]
)
def test_the_overlap_that_a_refusal_names_works_in_a_loop(window, fps):
    with pytest.raises(PlanError) as refused:
        plan_of(60, window_seconds=window, overlap_seconds=window, fps=fps)
    named = re.search(r"([0-9.]+) s$", str(refused.value))[1]
    plan = plan_of(60, window_seconds=window, overlap_seconds=named, fps=fps)
    # The context of a window is cut from what the one before added.
    assert plan.overlap_latents <= plan.new_latents < plan.overlap_latents + 2


@pytest.mark.parametrize(("seconds", "message"), [(0, "empty"), (0.3, r"0\.3 s long.*at least 0\.5 s")])
def test_songs_that_are_too_short_are_refused(seconds, message):
    with pytest.raises(PlanError, match=message):
        plan_of(seconds)


def test_half_a_second_is_enough():
    assert plan_of(0.5).iterations == 0


def test_a_song_shorter_than_a_frame_is_refused():
    with pytest.raises(PlanError, match="less than one frame"):
        plan_of(0.75, fps=1, window_seconds=20)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 192000])
def test_the_same_song_at_any_rate_has_the_same_plan(rate):
    plan = plan_of(180, sample_rate=rate)
    assert plan.iterations == 9
    assert plan.nth_window(1).audio_samples[0] * 25 == 448 * rate


@pytest.mark.parametrize("rate", [0, -1, 44100.5])
def test_impossible_sample_rates_are_refused(rate):
    with pytest.raises(PlanError, match="sample rate"):
        make_plan(audio_samples=10**6, sample_rate=rate, window_seconds=19.88, overlap_seconds=2, fps=25)


def test_the_window_one_past_the_last_can_be_asked_for_and_no_further():
    plan = plan_of(180, last_window="fit")
    assert plan.nth_window(10).window_px == 497
    for index in (-1, 11):
        with pytest.raises(PlanError, match="0 \\(initial render\\) to 9"):
            plan.nth_window(index)


FPS = st.sampled_from([23.976, 24, 25, 29.97, 30, 50, 59.94, "24000/1001", 12.5, 10])
PLANS = st.builds(
    make_plan,
    audio_samples=st.integers(22050, 400 * 44100),
    sample_rate=st.sampled_from([8000, 16000, 22050, 44100]),
    window_seconds=st.integers(300, 2500).map(lambda hundredths: hundredths / 100),
    overlap_seconds=st.integers(10, 200).map(lambda hundredths: hundredths / 100),
    fps=FPS,
    base_seed=st.integers(0, 2**64 - 1),
    max_iterations=st.one_of(st.just(0), st.integers(1, 5)),
    last_window=st.sampled_from(["full", "fit"]),
)


@given(PLANS)
def test_new_frames_follow_each_other_without_gap(plan):
    position = 0
    for window in plan.windows:
        assert window.new_start_px == position
        assert window.new_stop_px > window.new_start_px
        assert is_clip_px(window.window_px)
        assert window.window_start_px + window.window_px == window.new_stop_px
        position = window.new_stop_px
    assert position == plan.frames_made


@given(PLANS)
def test_the_song_is_covered_with_no_window_too_many(plan):
    assert plan.iterations <= plan.needed_iterations
    if plan.iterations < plan.needed_iterations:
        assert plan.frames_made < plan.song_frames
        return
    assert plan.frames_made >= plan.frames_delivered == math.floor(plan.duration * plan.fps)
    if plan.iterations:
        # Without the last window a whole frame of the song would not be made.
        assert plan.window_px + (plan.iterations - 1) * plan.stride_px < plan.frames_delivered


@given(PLANS)
def test_should_stop_agrees_with_the_number_of_iterations(plan):
    assert [plan.should_stop(k) for k in range(plan.iterations + 1)] == [False] * plan.iterations + [True]


@given(PLANS)
def test_sound_and_picture_start_together_to_the_sample(plan):
    for window in plan.windows:
        exact = window.window_start_px / plan.fps
        assert abs(window.audio_samples[0] - exact * plan.sample_rate) <= Fraction(1, 2)
        assert abs(window.audio_latents[0] - exact * 25) <= Fraction(1, 2)


@given(PLANS)
def test_full_windows_hear_the_same_number_of_audio_latents(plan):
    counts = {s.audio_latents[1] - s.audio_latents[0] for s in plan.windows if s.window_px == plan.window_px}
    assert len(counts) <= 1


@given(PLANS)
def test_the_encoded_song_reaches_the_end_of_the_last_window(plan):
    assert plan.padded_samples >= max(plan.audio_samples, plan.windows[-1].audio_samples[1])
    assert plan.encode_samples % ENCODE_BLOCK == 0
    assert plan.encode_samples * plan.sample_rate >= plan.padded_samples * 44100
    # One mel frame at sample 0 and one per hop of 160 at 16 kHz after it (centred transform); two causal convolutions of
    # stride 2 keep every fourth, beginning with the first (comfy/ldm/lightricks/vae/causal_audio_autoencoder.py).
    mel_frames = resampled_length(plan.encode_samples, 44100, 16000) // 160 + 1
    assert -(-mel_frames // 4) >= plan.windows[-1].audio_latents[1]


@given(PLANS)
def test_a_plan_survives_json(plan):
    assert plan_from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_an_hour_stays_in_step():
    plan = plan_of(3600, fps="24000/1001", sample_rate=48000)
    assert plan.iterations == math.ceil((3600 - plan.window) / plan.stride) > 190
    last = plan.windows[-1]
    assert last.window_start_px == plan.iterations * plan.stride_px
    assert last.audio_samples[0] == round(Fraction(last.window_start_px * 1001 * 48000, 24000))


def test_an_hour_at_25_fps_has_no_rounding_at_all():
    plan = plan_of(3600)
    for window in plan.windows:
        assert window.audio_samples[0] * 25 == window.window_start_px * 44100
        assert window.audio_latents[0] == window.window_start_px


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda d: d.update(version=99), "version 99"),
        (lambda d: d.pop("inputs"), "cannot be read"),
        (lambda d: d["inputs"].pop("fps"), "cannot be read"),
        (lambda d: d["inputs"].update(fps=0), "fps is 0"),
        (lambda d: d["inputs"].update(colour="red"), "cannot be read"),
        (lambda d: d["outcome"].update(iterations=8), "iterations is 8, but its inputs give 9"),
    ],
)
def test_a_damaged_stored_plan_is_refused(damage, message):
    document = plan_of(180, seed_overrides=parse_seed_overrides("3: +1")).to_json()
    damage(document)
    with pytest.raises(PlanError, match=message):
        plan_from_json(document)


def test_the_stored_form_stays_readable():
    assert plan_of(180, fps=23.976, base_seed=7, seed_overrides=parse_seed_overrides("3: +1")).to_json() == {
        "version": 1,
        "inputs": {
            "audio_samples": 7938000,
            "sample_rate": 44100,
            "window_seconds": "497/25",
            "overlap_seconds": "2",
            "fps": "24000/1001",
            "base_seed": 7,
            "max_iterations": 0,
            "last_window": "full",
            "seed_overrides": ["3: +1"],
        },
        "outcome": {
            "window_px": 473,
            "overlap_latents": 6,
            "stride_px": 432,
            "iterations": 9,
            "frames_made": 4361,
            "frames_delivered": 4315,
        },
    }
