"""A model's facts decide audio positions and whether a window begins with a lead-in; LTX 2.3's change nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.checkpoints.fingerprint.plan_part import plan_part
from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.model_facts import LTX_23, LTX_25, VIDEO_GRID, AudioGrid, ModelFacts, VideoGrid, facts_of
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.report import plan_report
from audio_loop.loop_control.retake_span import span_of_seconds, span_of_window
from audio_loop.loop_control.stored_plan import plan_from_json

LTX_AUDIO = AudioGrid(Fraction(25), 8, 16)
NOTHING = {"model_audio": None, "video": None, "audio": None}


def plan(model=LTX_23, overlap=2.0, seconds=60, **more):
    return make_plan(
        audio_samples=seconds * 44100,
        sample_rate=44100,
        window_seconds=19.88,
        overlap_seconds=overlap,
        fps=24,
        model=model,
        **more,
    )


def test_ltx_2_3_and_2_5_share_the_grid_and_differ_in_the_lead_in():
    known = {"model_audio": LTX_AUDIO, "video": VIDEO_GRID, "audio": LTX_AUDIO}
    assert facts_of(marks_keyframes=False, **known) == facts_of(marks_keyframes=False, **NOTHING) == LTX_23
    assert facts_of(marks_keyframes=True, **known) == LTX_25


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"video": VideoGrid((4, 8, 8), 16)}, "4 x 8 x 8 pixels a latent and 16 channels.*8 x 32 x 32 and 128"),
        ({"audio": AudioGrid(Fraction(25), 20, 16)}, "20 channels and 16 bins; LTX's have 8 and 16"),
        (
            {"audio": AudioGrid(Fraction(50), 8, 16), "model_audio": LTX_AUDIO},
            "makes 50 audio latents a second, the model hears 25: load the audio VAE that belongs",
        ),
    ],
)
def test_another_grid_is_refused_with_what_would_fit(given, words):
    with pytest.raises(PlanError, match=words):
        facts_of(marks_keyframes=False, **{**NOTHING, **given})


def test_the_rate_of_the_audio_latents_places_every_window():
    usual, double = plan(), plan(ModelFacts(Fraction(50)))
    assert [w.audio_latents for w in usual.windows] == [(0, 493), (450, 943), (900, 1393), (1350, 1501)]
    assert [w.audio_latents for w in double.windows] == [(0, 985), (900, 1885), (1800, 2785), (2700, 3002)]
    assert [w.audio_samples for w in double.windows] == [w.audio_samples for w in usual.windows]


def test_the_windows_of_the_loop_have_a_lead_in_and_the_first_has_none():
    windows = plan(LTX_25).windows
    assert [w.lead_in_latents for w in windows] == [0, 1, 1, 1]
    assert {w.lead_in_latents for w in plan().windows} == {0}
    places = [(w.new_start_px, w.new_stop_px, w.context_before_latents) for w in windows]
    assert places == [(w.new_start_px, w.new_stop_px, w.context_before_latents) for w in plan().windows]


def test_the_plan_says_so():
    note = "thrown away, and goes on from 5 of the 6 latents that it shares."
    assert note in plan_report(plan(LTX_25))
    assert note not in plan_report(plan())
    assert "lead-in" in LTX_25.report()
    assert LTX_23.report() == "25 audio latents a second; the first latent of a loop window is that of the window before."


def test_with_anchors_first_only_windows_between_others_have_one():
    assert [w.lead_in_latents for w in plan(LTX_25, order="anchors first").windows] == [0, 1, 0, 1]


def test_an_overlap_of_one_latent_is_refused_unless_there_is_no_loop():
    with pytest.raises(
        PlanError, match=r"overlap_seconds is 0\.3, which is 1 latent; .* smallest overlap that works is 0\.38 s"
    ):
        plan(LTX_25, overlap=0.3)
    assert plan(LTX_25, overlap=0.38).overlap_latents == 2
    assert plan(LTX_25, overlap=0.3, seconds=10).iterations == 0
    assert plan(overlap=0.3).overlap_latents == 1


def test_a_stored_plan_keeps_them_and_one_of_ltx_2_3_says_nothing():
    assert "model" not in plan().to_json()["inputs"]
    assert plan_from_json(plan().to_json()) == plan()
    assert plan_from_json(plan(LTX_25).to_json()) == plan(LTX_25)
    damaged = plan(LTX_25).to_json()
    damaged["inputs"]["model"] = {"lead_in_latents": "none"}
    with pytest.raises(PlanError, match="cannot be read"):
        plan_from_json(damaged)


def test_fingerprints_of_ltx_2_3_stay_and_others_differ():
    assert plan_part(plan(), 1) == (Fraction(24), 6, plan().nth_window(1))
    assert plan_part(plan(LTX_25), 1) == (Fraction(24), 6, plan(LTX_25).nth_window(1), LTX_25)


def test_a_retake_has_a_lead_in_of_its_own_unless_it_reaches_the_first_picture():
    made = plan(LTX_25)
    inside, first = span_of_seconds(made, 181, 30, 33), span_of_seconds(made, 181, 0.5, 3)
    assert (inside.lead_in_latents, first.lead_in_latents) == (1, 0)
    assert span_of_seconds(plan(), 181, 30, 33).lead_in_latents == 0
    # Where a whole window is made again, one latent before it is the least that is kept behind the lead-in.
    whole = span_of_window(made, 181, 1)
    assert whole.window_start > 0
    assert whole.before - whole.lead_in_latents >= 1
    assert whole.fade_before <= whole.before - whole.lead_in_latents - 1
    assert inside.audio_latents == span_of_seconds(plan(), 181, 30, 33).audio_latents
