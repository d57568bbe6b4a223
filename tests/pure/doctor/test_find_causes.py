"""The order of causes."""

from __future__ import annotations

import importlib
from fractions import Fraction

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor.find_causes import all_causes, find_causes
from audio_loop.doctor.kinds import Kind
from audio_loop.doctor.report.words import NAMES
from audio_loop.doctor.seen import Stretch, Symptom
from audio_loop.workflow_graph.shipped import classic, music_video_latent
from audio_loop.workflow_graph.shipped.classic_options import Options

from .hand_made import evidence, symptom, video

WIDE = "0:00+: A woman is singing. Wide shot, static camera, locked off shot."
SHORT_STAYS = (
    "0:00: A woman is singing. Wide shot, static camera.\n0:30: A dog is performing. Close-up.\n"
    "0:31: A woman is singing. Wide shot, static camera."
)
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


PULSE = symptom("decode_tile_pulse", Stretch(0, 70), period_px=50)


def cause(name, *symptoms, **known):
    """The cause of that name; None if it is not at work."""
    return next((each for each in find_causes(evidence(*symptoms, **known)) if each.name == name), None)


def told(name, *symptoms, **known):
    """The sentences of a cause in one."""
    return " ".join(cause(name, *symptoms, **known).evidence)


def tiled(*values):
    """A prompt with a decoder for each (temporal_size, temporal_overlap)."""
    inputs = [{"samples": ["9", 0], "temporal_size": size, "temporal_overlap": overlap} for size, overlap in values]
    return {str(number): {"class_type": "VAEDecodeTiled", "inputs": each} for number, each in enumerate(inputs, 1)}


def test_a_period_that_no_values_give_is_said_to_be_none_of_theirs():
    words = told("decoder_tiles", PULSE)
    assert "No values of VAE Decode (Tiled) give a border every 50 frames: they step by 8." in words
    assert "temporal_size/temporal_overlap" not in words


def test_without_a_plan_no_tiles_that_follow_the_windows_are_named():
    assert "where windows join" in told("decoder_tiles", PULSE)
    assert "where windows join" not in told("decoder_tiles", PULSE, plan=None)


def test_a_workflow_without_such_tiles_is_told_apart_from_one_that_is_not_known():
    apart = "This workflow has no decoder with such tiles"
    assert apart in told("decoder_tiles", PULSE, workflow=music_video_latent.build().workflow())
    assert apart not in told("decoder_tiles", PULSE, workflow=tiled((512, 64)))
    assert apart not in told("decoder_tiles", PULSE)


def test_of_several_decoders_only_that_with_the_period_speaks_for_it():
    pulse = symptom("decode_tile_pulse", Stretch(0, 70), period_px=56)
    found = cause("decoder_tiles", pulse, workflow=tiled((["8", 0], 8), (64, ["8", 0]), (512, 64), (64, 8)))
    assert found.is_backed
    assert [each for each in found.evidence if "the period seen" in each] == [
        "temporal_size 64 and temporal_overlap 8 put a border every 56 frames: the period seen."
    ]
    assert "node 4" in found.where


def test_several_places_in_one_window_are_one_retake():
    one = symptom("odd_window", Stretch(24, 25, 1), Stretch(21, 22, 1))
    retake = cause("chance", one).retake
    assert (retake.window, retake.start_seconds, retake.end_seconds) == (1, 21, 25)


def test_a_video_that_is_shown_at_another_rate_than_planned_is_evidence():
    slower = video(fps=Fraction(24))
    assert "The plan counts with 25 frames per second, the video shows 24." in told(
        "two_frame_rates", symptom("audio_drift"), video=slower
    )
    assert cause("two_frame_rates", symptom("audio_drift"), video=slower, plan=None) is None


def test_a_trim_is_named_as_the_offset_only_if_it_is_as_long():
    workflow = classic.workflow(Options(trim=(5.0, 300.0)))
    same, other = (symptom("audio_offset", offset_seconds=each) for each in (5.03, 2.0))
    assert "The sound is off by 5.03 s, which is that trim." in told("trim_start", same, workflow=workflow)
    assert "which is that trim" not in told("trim_start", other, workflow=workflow)


def test_a_workflow_that_prepares_the_picture_is_told_of_more():
    found = cause("still_picture", symptom("frozen_start"), workflow=classic.workflow(Options()))
    assert not found.is_backed
    assert "This workflow prepares the picture; a higher img_compression" in " ".join(found.evidence)


def test_without_a_plan_a_short_overlap_stays_possible():
    found = cause("short_overlap", symptom("visible_cut"), plan=None)
    assert not found.is_backed
    assert found.retake.window == 1


def test_without_a_plan_no_prompt_is_at_a_cut():
    assert cause("prompt_jump", symptom("visible_cut"), plan=None, schedule=WIDE) is None


def test_a_workflow_that_fades_or_matches_is_not_told_to_do_so():
    fades = {"1": {"class_type": "LatentOverlapCrossfade", "inputs": {}}}
    matches = {"1": {"class_type": "LatentStatisticsMatch", "inputs": {}}}
    assert cause("hard_joins", symptom("visible_cut"), workflow=fades) is None
    assert cause("hard_joins", symptom("visible_cut"), workflow=matches) is not None
    drifts = cause("drift_adds_up", symptom("colour_drift"), workflow=matches)
    assert not drifts.is_backed
    assert "This workflow matches each window's statistics; raise factor of that node." in drifts.evidence


def test_a_schedule_is_judged_without_a_plan_but_not_its_windows():
    numbers = [each.rule.number for each in evidence(schedule=SHORT_STAYS).schedule]
    without = [each.rule.number for each in evidence(schedule=SHORT_STAYS, plan=None).schedule]
    assert {9, 10} & set(numbers)
    assert without
    assert not {9, 10} & set(without)


def test_a_video_too_short_for_any_plan_has_no_findings_of_its_schedule():
    assert evidence(schedule=SHORT_STAYS, plan=None, video=video(0.2)).schedule == ()


def test_what_is_not_known_of_a_workflow_is_empty():
    bare = evidence(symptom("odd_window"), Symptom("chance", 1.0, "", (), ()))
    assert bare.values_of({"TrimAudioDuration"}, "start_index") == ()
    assert bare.worst("odd_window") == Stretch(20, 21, 1)
    assert bare.worst("chance") is None
    assert bare.worst("zoom_creep") is None


def test_a_file_of_causes_holds_exactly_the_one_of_its_name(monkeypatch):
    all_causes.cache_clear()
    module = importlib.import_module("audio_loop.doctor.causes.chance")
    monkeypatch.setattr(module, "second", module.chance, raising=False)
    with pytest.raises(ValueError, match=r"causes\.chance must hold one cause called chance"):
        all_causes()
