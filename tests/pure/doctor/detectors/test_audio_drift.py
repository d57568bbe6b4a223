"""A sound that runs slower or faster than its song drifts by so many milliseconds a minute, and by nothing else."""

from __future__ import annotations

import pytest

from audio_loop.doctor.detectors import audio_drift, audio_offset
from audio_loop.tests.pure.doctor.cases_with_sound import RATE, case_of, figure, played, song


@pytest.mark.parametrize(
    ("slope", "late_ms", "kinds"),
    [
        (0.0, 0.0, []),
        (0.0, -200.0, ["audio_offset"]),
        (0.0002, 0.0, []),
        (0.0005, 0.0, ["audio_drift"]),
        (0.012, 0.0, ["audio_drift"]),
        (-0.006, 0.0, ["audio_drift"]),
        (0.03, -80.0, ["audio_drift", "audio_offset"]),
        (48 / 44.1 - 1, 0.0, ["audio_drift"]),
    ],
)
def test_the_drift_is_told_from_the_offset(tmp_path, slope, late_ms, kinds):
    original, seconds = song(1), 15.0
    case = case_of(tmp_path, played(original, late_ms / 1000, slope, seconds), original)
    drift, offset = audio_drift.look(case), audio_offset.look(case)
    assert figure(drift, "audio_drift_ms_per_minute").value == pytest.approx(60_000 * slope, abs=1.0, rel=5e-4)
    assert figure(drift, "audio_drift_ms").value == pytest.approx(1000 * slope * seconds, abs=0.5, rel=5e-4)
    assert figure(offset, "audio_offset_ms").value == pytest.approx(late_ms, abs=0.5)
    assert [each.kind for each in (*drift.symptoms, *offset.symptoms)] == kinds
    for symptom in drift.symptoms:
        facts = dict(symptom.facts)
        assert facts["speed"] == pytest.approx(1 - slope, abs=2e-4)
        assert facts["offset_at_end_ms"] == pytest.approx(late_ms + 1000 * slope * seconds, abs=2.0)
        assert ("slower" if slope > 0 else "faster") in symptom.words


def test_without_the_song_there_is_no_drift_to_measure(tmp_path):
    seen = audio_drift.look(case_of(tmp_path, song(1)[: 4 * RATE]))
    assert seen.symptoms == ()
    assert "--audio" in figure(seen, "audio_drift_ms").not_measured
