"""The voice of a part of a song and of the windows of its plan."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audio_loop.audio.analysis.song_analysis import Voice, VoiceStretch
from audio_loop.audio.analysis.voice_report import PartVoice, hear_part, voice_in_windows
from audio_loop.audio.reading.song_source import SongArray
from audio_loop.loop_control.plan import make_plan

from ....voices import HZ, plucked, sung


@pytest.fixture(scope="module")
def song() -> SongArray:
    """24 s of strings, sung over from 8 to 16 s, in two channels."""
    samples = plucked(24, 3)
    samples[8 * HZ : 16 * HZ] += 1.5 * sung(8, 4)
    return SongArray(np.stack([samples, samples]), HZ)


def heard(song: SongArray, start: float, length: float, **settings) -> PartVoice:
    return hear_part(song, start, length, **{"low_hz": 65, "high_hz": 600, "is_stem": False} | settings)


def test_a_part_in_which_somebody_sings(song):
    part = heard(song, 9, 6)
    assert part.voice.fraction == 1
    assert part.has_vocals
    assert part.voice.stretches == (VoiceStretch(9, 15, "singing"),), "times of the song, cut to the part"
    assert part.is_high, "the melody lies around 220 Hz"
    assert not part.is_low
    assert part.report.startswith("0:09.00 to 0:15.00: singing in 100 % of it. Pitch ")


def test_a_part_in_which_nobody_does(song):
    part = heard(song, 0, 6)
    assert (part.voice.fraction, part.voice.median_f0_hz, part.has_vocals, part.is_low, part.is_high) == (
        0,
        None,
        False,
        False,
        False,
    )
    assert part.report == "0:00.00 to 0:06.00: no voice. No pitch of a voice."


def test_a_part_ends_with_the_song_and_does_not_begin_behind_it(song):
    assert heard(song, 20, 100).end_seconds == 24
    with pytest.raises(ValueError, match="start_seconds is 24, and the song ends before that"):
        heard(song, 24, 1)


def test_a_part_is_judged_as_it_is_in_the_whole(song):
    plan = make_plan(audio_samples=24 * HZ, sample_rate=HZ, window_seconds=6, overlap_seconds=1, fps=25)
    for start in (6, 12, 14):
        alone, in_whole = heard(song, start, 4), heard(song, start, 4, plan=plan)
        assert math.isclose(alone.voice.fraction, in_whole.voice.fraction, abs_tol=0.02)


def test_every_window_of_a_plan_has_its_line(song):
    plan = make_plan(audio_samples=24 * HZ, sample_rate=HZ, window_seconds=6, overlap_seconds=1, fps=25)
    part = heard(song, 0, 24, plan=plan)
    assert [each.index for each in part.windows] == list(range(plan.iterations + 1))
    assert part.windows[0].start_seconds == 0
    assert part.windows[-1].end_seconds == 24
    assert part.windows[2].singing > 0.9
    assert part.windows[0].singing == part.windows[-1].singing == 0
    assert len(part.report.splitlines()) == 3 + len(part.windows)


def test_a_window_counts_what_is_seen_of_it():
    plan = make_plan(audio_samples=50 * HZ, sample_rate=HZ, window_seconds=19.88, overlap_seconds=2, fps=25)
    stretches = (VoiceStretch(0, 19.88, "singing"), VoiceStretch(19.88, 28.84, "speech"), VoiceStretch(37.8, 50, "crowd"))
    voice = Voice(stretches, 0.6, 200, 150, 300, 0.4)
    assert [(each.singing, each.speech, each.crowd) for each in voice_in_windows(voice, plan)] == [
        (1, 0, 0),
        (0, pytest.approx(0.5), 0),
        (0, 0, 1),
    ]
