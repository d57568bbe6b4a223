"""The videos that the doctor is tried on: made the same again, with what their truth says, and as many as there should be."""

from __future__ import annotations

import itertools
import wave
from collections import Counter

import av
import numpy as np
import pytest

from audio_loop.schedule.parser import parse_schedule
from audio_loop.tests.footage import WAYS, Defect, Wishes, corpus, make_footage
from audio_loop.tests.footage.clips import CLIPS, clip_fps
from audio_loop.tests.footage.corpora import FAINT, NOTICED
from audio_loop.tests.footage.scoring import KINDS, NOTHING, Verdict, score

TINY = Wishes(size=(64, 96), seconds=12.0, sound="speech")


def tiny(folder, seed, *defects):
    return make_footage(seed, defects, folder=folder, wishes=TINY)


def frames_of(path):
    with av.open(str(path)) as container:
        return [(float(frame.time), frame.to_ndarray(format="gray").astype(float)) for frame in container.decode(video=0)]


def sound_of(path, rate):
    resampler = av.AudioResampler("flt", "mono", rate)
    with av.open(str(path)) as container:
        blocks = [block for frame in container.decode(audio=0) for block in resampler.resample(frame)]
    return np.concatenate([block.to_ndarray()[0] for block in blocks])


def song_of(path):
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")[::2] / 32_768


def test_a_seed_gives_the_same_video(tmp_path):
    once, again = (tiny(tmp_path / folder, 401) for folder in ("a", "b"))
    # The encoder is given the same pictures. What its macroblock tree makes of them is not the same each time.
    assert song_of(once.song).tobytes() == song_of(again.song).tobytes()
    pairs = zip(frames_of(once.path), frames_of(again.path), strict=True)
    assert max(np.abs(one - other).mean() for (_, one), (_, other) in pairs) < 1
    assert once.plan == again.plan
    assert len(frames_of(once.path)) == once.plan.frames_delivered
    assert once.defects == ()


def test_held_frames_are_the_same_and_the_rest_moves(tmp_path):
    footage = tiny(tmp_path, 402, Defect("frozen_start", 2.0, "held"))
    pictures = [picture for _, picture in frames_of(footage.path)]
    change = np.array([np.abs(b - a).mean() for a, b in itertools.pairwise(pictures)])
    held = round(dict(footage.defects[0].facts)["held_seconds"] * footage.plan.fps)
    assert np.median(change[: held - 1]) < 0.4 * np.median(change[held:])


def test_holes_lie_where_the_truth_says(tmp_path):
    footage = tiny(tmp_path, 403, Defect("missing_frames", 2.0, "holes"))
    seconds = np.array([second for second, _ in frames_of(footage.path)])
    long = np.flatnonzero(np.diff(seconds) > 1.5 / float(footage.plan.fps))
    assert seconds[long + 1] == pytest.approx([end for _, end in footage.defects[0].stretches], abs=0.002)


@pytest.mark.parametrize("way", WAYS["audio_offset"])
def test_the_sound_is_moved_by_what_the_truth_says(way, tmp_path):
    footage = tiny(tmp_path, 404, Defect("audio_offset", 2.0, way))
    song, muxed = song_of(footage.song), sound_of(footage.path, 44_100)
    spectrum = np.fft.rfft(muxed, 1 << 20) * np.conj(np.fft.rfft(song, 1 << 20))
    lag = int(np.fft.irfft(spectrum).argmax())
    lag -= (1 << 20) * (lag > 1 << 19)
    assert lag / 44_100 == pytest.approx(dict(footage.defects[0].facts)["offset_seconds"], abs=0.001)


def test_a_line_is_written_away_from_the_frame_that_shows_it(tmp_path):
    footage = tiny(tmp_path, 405, Defect("schedule_timing", 2.0, "late"))
    seen = [float(window.new_start_px / footage.plan.fps) for window in footage.plan.windows]
    written = [float(entry.start) for entry in parse_schedule(footage.schedule).entries[1:]]
    nearest = [min(abs(start - 2.0 - second) for second in seen) for start in written]
    assert min(nearest) < 0.01


def test_what_cannot_be_shown_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has no way 'sideways'; it has late, early"):
        tiny(tmp_path, 406, Defect("audio_offset", 2.0, "sideways"))
    with pytest.raises(ValueError, match="real footage cannot show"):
        make_footage(406, [Defect("identity_drift")], folder=tmp_path, wishes=Wishes(clips=("car",)))


def test_real_clips_are_found_without_their_package():
    assert {name: float(clip_fps(name)) for name in CLIPS} == pytest.approx(
        {"rabbit": 25, "car": 29.97, "tram": 25, "crossing": 25, "bicycle": 25}, abs=0.01
    )


def test_the_corpus_is_even_and_unseen_seeds_are_not_those_for_tuning():
    unseen, tuning = corpus("unseen"), corpus("tuning")
    count = Counter("faint" if item.faint else len(item.defects) for item in unseen)
    assert (count[1], count[0], count[2], count["faint"]) == (418, 100, 50, 114)
    of_kind = Counter((item.defects[0].kind, item.faint) for item in unseen if len(item.defects) == 1)
    assert of_kind == {(kind, faint): 6 if faint else 22 for kind in KINDS for faint in (False, True)}
    assert sum(bool(item.clips) for item in unseen) == 44
    seeds = [item.seed for item in (*unseen, *tuning)]
    assert len(set(seeds)) == len(seeds)
    assert max(item.seed for item in tuning) < 1000 <= min(item.seed for item in unseen)
    for band, faint in ((NOTICED, False), (FAINT, True)):
        strengths = [
            each.strength for item in unseen if item.faint == faint for each in item.defects if each.kind != "audio_drift"
        ]
        assert band[0] <= min(strengths) < band[0] * 1.1
        assert band[1] / 1.1 < max(strengths) <= band[1]


def test_verdicts_are_counted_by_what_is_named_first():
    counted = score(
        [
            Verdict("a", ("lip_sync",), ("lip_sync", "dull_audio")),
            Verdict("b", ("lip_sync",), ("dull_audio", "lip_sync")),
            Verdict("c", ("dull_audio",), ("dull_audio",)),
            Verdict("d", (), ("dull_audio",)),
            Verdict("e", (), ()),
            Verdict("f", ("lip_sync", "dull_audio"), ("dull_audio", "lip_sync", "zoom_creep")),
            Verdict("g", ("lip_sync", "dull_audio"), ("dull_audio", "zoom_creep", "lip_sync")),
        ]
    )
    assert (counted.recall("lip_sync"), counted.precision("lip_sync")) == (0.5, 1.0)
    assert (counted.recall("dull_audio"), counted.precision("dull_audio")) == (1.0, pytest.approx(1 / 3))
    assert (counted.recall("zoom_creep"), counted.precision("zoom_creep")) == (None, None)
    assert (counted.clean, counted.false_alarms, counted.two, counted.both_first) == (2, 1, 2, 1)
    assert counted.named_first[NOTHING, "dull_audio"] == 1
