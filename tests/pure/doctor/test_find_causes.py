"""The order of causes."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor.find_causes import all_causes, find_causes
from audio_loop.doctor.kinds import Kind
from audio_loop.doctor.report.words import NAMES
from audio_loop.doctor.seen import Stretch
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import Options

from .hand_made import evidence, symptom

WIDE = "0:00+: A woman is singing. Wide shot, static camera, locked off shot."
DULL = symptom("dull_audio", strength=1.2)
FIRST = {
    "decode_tile_pulse": "decoder_tiles",
    "visible_cut": "short_overlap",
    "odd_window": "mixed_prompts",
    "frozen_start": "still_picture",
    "frozen_window": "chance",
    "black_window": "not_finite",
    "duplicated_frames": "saved_unevenly",
    "missing_frames": "saved_unevenly",
    "colour_drift": "drift_adds_up",
    "contrast_drift": "drift_adds_up",
    "sharpness_drift": "drift_adds_up",
    "style_drift": "illustrated_picture",
    "identity_drift": "subject_strings",
    "zoom_creep": "camera_moves",
    "audio_offset": "sound_laid_late",
    "audio_drift": "sound_resampled",
    "lip_sync": "wide_framing",
    "dull_audio": "dull_song",
    "schedule_timing": "schedule_grid",
}


def names(*symptoms, **known):
    return [each.name for each in find_causes(evidence(*symptoms, **known))]


def test_each_kind_has_a_first_cause():
    assert set(FIRST) == set(Kind.__args__)


@pytest.mark.parametrize("kind", FIRST)
def test_with_nothing_known_but_the_plan_the_guide_names_this_one_first(kind):
    assert names(symptom(kind))[0] == FIRST[kind]


def test_a_cause_that_the_workflow_shows_comes_before_one_that_is_possible():
    workflow = classic.workflow(Options(sampler="euler_ancestral"))
    found = find_causes(evidence(symptom("identity_drift"), workflow=workflow))
    backed = [each.is_backed for each in found]
    assert "noisy_sampler" in [each.name for each in found if each.is_backed]
    assert backed == sorted(backed, reverse=True)


def test_lips_that_are_off_with_a_dull_song_are_the_dull_songs_fault():
    assert names(symptom("lip_sync", strength=3), DULL)[0] == "dull_song"


def test_words_of_a_prompt_come_before_the_sound():
    found = names(symptom("lip_sync", strength=3), DULL, schedule=WIDE)
    assert found.index("wide_framing") < found.index("dull_song")


def test_of_one_layer_the_stronger_symptom_comes_first():
    weak, strong = symptom("audio_offset", strength=1.5), symptom("audio_drift", strength=4)
    assert names(strong, weak) == ["sound_resampled", "sound_laid_late"]


def test_a_gross_fault_is_not_hidden_by_a_slight_one_of_an_upper_layer():
    gross, slight = symptom("black_window", strength=20), symptom("zoom_creep", strength=1.1)
    assert names(gross, slight)[:2] == ["not_finite", "camera_moves"]


def test_without_symptoms_there_are_no_causes():
    assert names(schedule=WIDE) == []


def test_a_fault_in_one_window_is_mended_by_a_retake_of_it():
    found = find_causes(evidence(symptom("odd_window", Stretch(19.88, 37.8, 1))))
    chance = next(each for each in found if each.name == "chance")
    assert "audio-loop-music-video_retake with window 1 and another seed" in chance.mend
    assert (chance.retake.window, chance.retake.start_seconds, chance.retake.end_seconds) == (1, 19.88, 37.8)


def test_a_cure_for_later_renders_names_the_retake_too():
    first = find_causes(evidence(symptom("odd_window", Stretch(19.88, 37.8, 1))))[0]
    assert first.mend.startswith("set snap_boundaries to true")
    assert first.mend.endswith("with window 1 and another seed")


def test_without_a_plan_the_seconds_are_named():
    found = find_causes(evidence(symptom("frozen_window", Stretch(12, 14)), plan=None))
    assert "window -1, start_seconds 12.00, end_seconds 14.00" in found[0].mend


def test_two_windows_are_two_retakes():
    two = symptom("odd_window", Stretch(19.88, 37.8, 1), Stretch(55.72, 70, 3))
    chance = next(each for each in find_causes(evidence(two)) if each.name == "chance")
    assert chance.retake is None
    assert "one by one" in chance.mend


def test_the_tiles_that_explain_a_pulse_and_those_that_would_do():
    pulse = symptom("decode_tile_pulse", Stretch(0, 70), period_px=56)
    workflow = classic.workflow(Options(decoder="core", decoder_widgets=(512, 64, 64, 8)))
    first = find_causes(evidence(pulse, workflow=workflow))[0]
    told = " ".join(first.evidence)
    assert "temporal_size 64 and temporal_overlap 8 put a border every 56 frames" in told
    assert "temporal_size 512, temporal_overlap 64" in told
    assert "VAEDecodeTiled" in first.where
    assert first.mend == "python scripts/apply_ltx_decoder.py FILE"


def test_the_page_of_the_documentation_lists_every_cause_in_order():
    rows = [
        f"| {each.title} | {', '.join(NAMES[kind].lower() for kind in each.explains)} | {each.layer} | {each.mend} |"
        for each in all_causes()
    ]
    assert "\n".join(rows) in (REPOSITORY / "docs" / "doctor.md").read_text("utf-8")
