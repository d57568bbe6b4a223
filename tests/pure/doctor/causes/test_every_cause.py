"""Every cause: evidence that backs it, and evidence by which it is not at work or only possible."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import pytest

from audio_loop.doctor import causes as causes_package
from audio_loop.doctor.find_causes import all_causes, find_causes
from audio_loop.doctor.seen import Stretch
from audio_loop.loop_control.plan import make_plan
from audio_loop.preflight import rules as preflight_rules
from audio_loop.workflow_graph.audit.engine import all_rules, rules_in
from audio_loop.workflow_graph.shipped import classic, music_video_latent
from audio_loop.workflow_graph.shipped.classic_options import Options

from ..hand_made import evidence, symptom, video

GOOD = "0:00+: Style: cinematic. A woman in a red coat is singing. Medium close-up, static camera, locked off shot."
OTHER_SUBJECT = GOOD.replace("0:00+", "0:00") + "\n0:40+: Style: cinematic. A girl is singing. Medium close-up, static camera."
WIDE = GOOD.replace("Medium close-up", "Wide shot")
MOVING = GOOD.replace("static camera, locked off shot", "slow zoom in")
VAGUE = GOOD.replace("is singing", "is performing")
CHANGES_ONCE = (
    GOOD.replace("0:00+", "0:00") + "\n0:37.80+: " + GOOD.removeprefix("0:00+: ").replace("Medium", "Very dark. Medium")
)
OVERLAP_4 = make_plan(audio_samples=70 * 44_100, sample_rate=44_100, window_seconds="19.88", overlap_seconds="4.0", fps="25")
NO_PLAN = {"plan": None}


@lru_cache
def old(**options):
    return classic.workflow(Options(**options))


@lru_cache
def default():
    return music_video_latent.build().workflow()


def of_old(**options):
    return {"workflow": old(**options)}


# cause -> (symptom, what backs it, what leaves it open or rules it out, which of the two).
POSSIBLE, EXCLUDED = "possible", "excluded"
PAIRS = {
    "subject_strings": ("identity_drift", {"schedule": OTHER_SUBJECT}, {"schedule": GOOD}, EXCLUDED),
    "wide_framing": ("lip_sync", {"schedule": WIDE}, {"schedule": GOOD}, EXCLUDED),
    "camera_moves": ("zoom_creep", {"schedule": MOVING}, {"schedule": GOOD}, POSSIBLE),
    "vague_verbs": ("lip_sync", {"schedule": VAGUE}, {"schedule": GOOD}, EXCLUDED),
    "illustrated_picture": (
        "style_drift",
        {"schedule": GOOD.replace("cinematic", "watercolour")},
        {"schedule": GOOD},
        POSSIBLE,
    ),
    "decoder_tiles": (
        symptom("decode_tile_pulse", Stretch(0, 70), period_px=56),
        of_old(decoder="core", decoder_widgets=(512, 64, 64, 8)),
        {},
        POSSIBLE,
    ),
    "latent_grid": (symptom("decode_tile_pulse", Stretch(0, 70), period_px=8), {}, {}, EXCLUDED),
    "short_overlap": ("visible_cut", {}, {"plan": OVERLAP_4}, EXCLUDED),
    "hard_joins": ("visible_cut", {"workflow": default()}, {}, POSSIBLE),
    "drift_adds_up": ("colour_drift", of_old(), {}, POSSIBLE),
    "raw_guide": ("identity_drift", of_old(raw_guide=True), of_old(), EXCLUDED),
    "guides_not_cropped": ("visible_cut", of_old(crop_before_guider=True), of_old(), EXCLUDED),
    "mixed_prompts": ("odd_window", of_old(clip_in_loop=True, blend_seconds=9.0), of_old(), EXCLUDED),
    "prompt_jump": (
        symptom("visible_cut", Stretch(37.8, 37.84, 2)),
        {"schedule": CHANGES_ONCE},
        {"schedule": GOOD},
        EXCLUDED,
    ),
    "schedule_grid": ("schedule_timing", {"schedule": CHANGES_ONCE.replace("37.80", "31")}, {}, POSSIBLE),
    "dull_song": ((symptom("lip_sync"), symptom("dull_audio", strength=1.1)), {}, {"video": video(has_sound=False)}, POSSIBLE),
    "trim_start": (
        symptom("audio_offset", offset_seconds=5.03),
        of_old(trim=(5.0, 300.0)),
        of_old(),
        EXCLUDED,
    ),
    "sound_saved_dull": (symptom("dull_audio", lost_db=13.0), {}, {}, EXCLUDED),
    "sound_laid_late": ("audio_offset", None, {}, POSSIBLE),
    "sound_resampled": ("audio_drift", None, {}, POSSIBLE),
    "smeared_details": ("sharpness_drift", None, {}, POSSIBLE),
    "chance": ("frozen_window", None, {}, POSSIBLE),
    "two_frame_rates": ("audio_drift", of_old(video_fps=24), of_old(), EXCLUDED),
    "stride_not_whole": ("audio_drift", of_old(controller_overlap=1.0), {}, EXCLUDED),
    "stale_mask": ("lip_sync", of_old(strip_context=False), of_old(), EXCLUDED),
    "saved_unevenly": ("missing_frames", {"video": video(69)}, {}, POSSIBLE),
    "still_picture": ("frozen_start", of_old(compression=0), {}, POSSIBLE),
    "not_finite": ("black_window", {"not_finite": (1,)}, {}, POSSIBLE),
    "noisy_sampler": ("identity_drift", of_old(sampler="euler_ancestral"), of_old(), EXCLUDED),
    "guidance_twice": ("contrast_drift", of_old(cfg=3.0), of_old(), EXCLUDED),
    "stale_guidance": ("identity_drift", of_old(clip_in_loop=True), of_old(), EXCLUDED),
    "odd_size": ("sharpness_drift", of_old(width=840), of_old(), EXCLUDED),
}
WITHOUT_FACTS = {"sound_saved_dull": symptom("dull_audio"), "latent_grid": symptom("decode_tile_pulse")}
NEVER_BACKED = {"sound_laid_late", "sound_resampled", "smeared_details", "chance"}
"""The symptom is all that there can be."""


def found(name, seen, known):
    seen = symptom(seen) if isinstance(seen, str) else seen
    seen = seen if isinstance(seen, tuple) else (seen,)
    return next((each for each in find_causes(evidence(*seen, **known)) if each.name == name), None)


def test_each_cause_has_such_a_pair():
    assert {each.name for each in all_causes()} == PAIRS.keys()
    assert {name for name, pair in PAIRS.items() if pair[1] is None} == NEVER_BACKED


@pytest.mark.parametrize("name", sorted(PAIRS.keys() - NEVER_BACKED))
def test_a_cause_that_the_evidence_backs(name):
    seen, backing, *_ = PAIRS[name]
    cause = found(name, seen, backing)
    assert cause is not None
    assert cause.is_backed
    assert len(cause.evidence) >= 2


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_a_cause_that_it_does_not_back(name):
    seen, _, other, outcome = PAIRS[name]
    seen = WITHOUT_FACTS.get(name, seen)
    cause = found(name, seen[:1] if isinstance(seen, tuple) else seen, other)
    if outcome == EXCLUDED:
        assert cause is None
    else:
        assert cause is not None
        assert not cause.is_backed


def test_a_sound_that_was_saved_dull_is_not_the_songs_fault():
    lost = symptom("dull_audio", lost_db=13.0)
    assert [each.name for each in find_causes(evidence(lost))] == ["sound_saved_dull"]


def test_a_pulse_of_one_latent_is_the_models_and_not_that_of_tiles():
    each_latent = symptom("decode_tile_pulse", Stretch(0, 70), period_px=8)
    assert [each.name for each in find_causes(evidence(each_latent))] == ["latent_grid"]


def test_every_rule_that_a_cause_asks_for_exists():
    codes = {each.code for each in (*all_rules(), *rules_in(preflight_rules))}
    asked = set()
    for path in Path(causes_package.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "from_workflow":
                asked |= {each.value for each in node.args[1:]}
    assert len(asked) >= 20
    assert not asked - codes


def test_no_cause_tells_to_crop_guides_before_the_window_is_sampled():
    told = [cause.mend for cause in all_causes() if "apply_loop_cropguides_symmetry" in cause.mend]
    assert told
    assert all("apply_loop_cropguides_symmetry.py --revert" in mend for mend in told)
