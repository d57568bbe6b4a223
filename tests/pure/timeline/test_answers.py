"""What the page is told of plans and songs: exact lengths, peaks that hold every sample, refusals that say what to ask."""

from __future__ import annotations

import json
import math
import os
import threading
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.audio.reading.sound_file import SongError
from audio_loop.files.regular_files import identify
from audio_loop.loop_control.errors import PlanError
from audio_loop.timeline import song_peaks, songs
from audio_loop.timeline.answers import Answers, NoSongError
from audio_loop.timeline.query import MOST_COLUMNS, QueryError
from audio_loop.timeline.song_peaks import read_peaks

PLANNER = {"window_seconds": "19.88", "overlap_seconds": "2.0", "fps": "25"}


def write_wav(path, samples, rate=8000):
    """`samples`: int16 (samples, channels)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.ascontiguousarray(samples, "<i2").tobytes())
    return path


def noise(samples, channels=2):
    return np.random.default_rng(7).integers(-32768, 32768, (samples, channels)).astype(np.int16)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def answers(folder):
    def song_path(name):
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise ValueError(name)
        return str(path)

    return Answers(song_path, songs.Songs())


def test_each_stretch_has_the_extremes_of_all_its_samples_and_channels(folder):
    sound = noise(8000 * 3 + 17)
    song = read_peaks(write_wav(folder / "a.wav", sound))
    assert (song.samples, song.sample_rate, song.bin_samples) == (24017, 8000, 40)
    assert len(song.low) == len(song.high) == math.ceil(24017 / 40)
    for index in (0, 1, 511, 512, 599, 600):
        part = sound[index * 40 : (index + 1) * 40] / 32768
        assert song.low[index] == round(part.min() * 127)
        assert song.high[index] == round(part.max() * 127)


@given(st.integers(1, 700), st.fractions(0, 3), st.fractions(0, 3))
def test_columns_hold_every_stretch_of_their_range(count, one, other):
    low = np.arange(600, dtype=np.int64) % 100
    song = song_peaks.SongPeaks(8000, 24000, 40, -low.astype(np.int8), low.astype(np.int8))
    start, stop = sorted((one, other))
    if start == stop:
        stop = start + Fraction(1, 1000)
    lows, highs = song.columns(count, start, stop)
    assert len(lows) == len(highs) == count
    inside = slice(min(int(start * 200), 599), max(math.ceil(stop * 200), 1))
    assert max(highs) >= low[inside][:-1].max(initial=0)
    assert set(highs) <= set(low.tolist())
    assert lows == [-value for value in highs]


def test_a_click_is_seen_at_every_zoom(answers, folder):
    sound = np.zeros((8000 * 60, 1), np.int16)
    sound[8000 * 31 + 5] = 32767
    write_wav(folder / "click.wav", sound)
    for columns in (1, 7, 300, 2000, 16000):
        high = json.loads(answers.peaks({"audio": "click.wav", "columns": str(columns)}))["high"]
        at = int(31.0006 / 60 * columns)
        assert 127 in high[max(0, at - 1) : at + 2]
        assert sum(value > 0 for value in high) <= math.ceil(columns / 12_000)
    part = json.loads(answers.peaks({"audio": "click.wav", "columns": "10", "from_seconds": "32", "to_seconds": "99"}))
    assert (part["song_seconds"], part["from_seconds"], part["to_seconds"]) == (60.0, 32.0, 60.0)
    assert part["low"] == part["high"] == [0] * 10


def test_a_plan_is_the_planners_for_the_cut_song(answers, folder):
    write_wav(folder / "song.wav", noise(8000 * 65, 1))
    whole = json.loads(answers.plan({"audio": "song.wav", **PLANNER}))
    assert (whole["song_seconds"], len(whole["windows"])) == (65.0, 4)
    cut = json.loads(answers.plan({"audio": "song.wav", "start_seconds": "-30", "duration_seconds": "21.5", **PLANNER}))
    assert (cut["song_seconds"], len(cut["windows"])) == (21.5, 2)
    told = json.loads(answers.plan({"song_seconds": "65", **PLANNER}))
    assert told == whole


def test_a_song_is_read_once_and_again_if_its_file_is_another(answers, folder, monkeypatch):
    read = []
    monkeypatch.setattr(songs, "read_peaks", lambda path: read.append(path) or read_peaks(path))
    path = write_wav(folder / "song.wav", noise(8000 * 65))
    threads = [
        threading.Thread(target=answers.peaks, args=({"audio": "song.wav", "columns": str(columns)},))
        for columns in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.plan({"audio": "song.wav", **PLANNER})
    assert len(read) == 1
    write_wav(path, noise(8000 * 30))
    assert json.loads(answers.plan({"audio": "song.wav", **PLANNER}))["song_seconds"] == 30.0
    assert len(read) == 2


def test_old_songs_and_answers_are_dropped():
    recent = songs.Recent(2)
    for key in "ab":
        recent.put(key, key.upper())
    assert recent.get("a") == "A"
    recent.put("c", "C")
    assert [recent.get(key) for key in "abc"] == ["A", None, "C"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "give either audio"),
        ({"audio": "song.wav", "song_seconds": "3"}, "give either audio"),
        ({"song_seconds": "0", **PLANNER}, "above 0"),
        ({"song_seconds": "1e9", **PLANNER}, "at most 43200"),
        ({"song_seconds": "nan", **PLANNER}, "not a number"),
        ({"song_seconds": "9" * 50, **PLANNER}, "has 50 characters"),
        ({"song_seconds": "60", **PLANNER, "fps": "25" * 30}, "fps has 60 characters"),
        ({"song_seconds": "60", **PLANNER, "fps": ""}, "fps is missing"),
        ({"song_seconds": "60", "window_seconds": "9", "fps": "25"}, "overlap_seconds is missing"),
        ({"song_seconds": "60", **PLANNER, "last_window": "half"}, "fit or full"),
        ({"song_seconds": "60", **PLANNER, "order": "backwards"}, "order is in turn or anchors first"),
        ({"song_seconds": "60", **PLANNER, "max_iterations": "-1"}, "max_iterations is a whole number from 0"),
        ({"song_seconds": "60", **PLANNER, "max_iterations": "²"}, "max_iterations is a whole number from 0"),
        ({"song_seconds": "60", **PLANNER, "seed": "1"}, "'seed' is not asked for here"),
        ({"song_seconds": "60", **PLANNER, "start_seconds": "61"}, "leave nothing"),
        ({"song_seconds": "60", **PLANNER, "duration_seconds": "0"}, "leave nothing"),
        ({"song_seconds": "43200", "window_seconds": "0.1", "overlap_seconds": "0.01", "fps": "1000"}, "windows, and at most"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(answers, query, said):
    with pytest.raises(QueryError, match=said):
        answers.plan(query)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fps": "0"}, "fps is 0"),
        ({"window_seconds": "0.1"}, "a window has at least"),
        ({"overlap_seconds": "30"}, "leaves nothing new"),
        ({"overlap_seconds": "18"}, "the largest overlap that works"),
        ({"song_seconds": "0.2"}, "at least 0.5 s"),
    ],
)
def test_refusals_of_a_plan_are_the_planners_own(answers, change, said):
    with pytest.raises(PlanError, match=said):
        answers.plan({"song_seconds": "180", **PLANNER, **change})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"audio": ""}, "1 to 1024"),
        ({"audio": "x" * 1025}, "1 to 1024"),
        ({"audio": "a\0b"}, "1 to 1024"),
        ({"columns": "0"}, f"1 to {MOST_COLUMNS}"),
        ({"columns": "100000"}, f"1 to {MOST_COLUMNS}"),
        ({"columns": "1" * 5000}, f"1 to {MOST_COLUMNS}"),
        ({"columns": "1.5"}, f"1 to {MOST_COLUMNS}"),
        ({"from_seconds": "9", "to_seconds": "2"}, "lies before"),
        ({"from_seconds": "99"}, "within the song's 10.000 s"),
        ({"to_seconds": "-1"}, "lies before"),
    ],
)
def test_peaks_that_cannot_be_are_refused(answers, folder, change, said):
    write_wav(folder / "song.wav", noise(80_000))
    with pytest.raises(QueryError, match=said):
        answers.peaks({"audio": "song.wav", "columns": "10", **change})


@pytest.mark.parametrize("name", ["none.wav", "../secret.wav", "/etc/passwd", ".", "pipe", "link.wav", "x" * 300 + ".wav"])
def test_what_is_no_song_in_the_folder_is_not_told_apart(tmp_path, name):
    secret = write_wav(tmp_path / "secret.wav", noise(80_000))
    folder = tmp_path / "input"
    folder.mkdir()
    (folder / "link.wav").symlink_to(secret)
    os.mkfifo(folder / "pipe")

    def song_path(asked):
        path = (folder / asked).resolve()
        if not path.is_relative_to(folder):
            raise ValueError(asked)
        return str(path)

    with pytest.raises(NoSongError, match="there is no song"):
        Answers(song_path, songs.Songs()).peaks({"audio": name, "columns": "10"})


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF\xff\xff\xff\xffWAVEfmt ", b"ID3\x04" + b"\xff" * 4000])
def test_a_file_that_is_no_sound_is_refused(folder, content):
    (folder / "song.wav").write_bytes(content)
    with pytest.raises(SongError, match=r"song\.wav"):
        read_peaks(folder / "song.wav")


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile secret.wav\n",
        "ffconcat version 1.0\nfile 'file:{0}'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{0}\n#EXT-X-ENDLIST\n",
    ],
)
def test_a_playlist_opens_no_other_file(tmp_path, playlist, monkeypatch):
    secret = write_wav(tmp_path / "secret.wav", noise(80_000))
    song = tmp_path / "song.m3u8"
    song.write_text(playlist.format(secret))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SongError):
        read_peaks(song)


def test_a_file_that_claims_to_be_endless_is_given_up(folder, monkeypatch):
    monkeypatch.setattr(song_peaks, "LONGEST_SECONDS", 5)
    path = write_wav(folder / "long.wav", np.zeros((8000 * 7, 1), np.int16))
    with pytest.raises(SongError, match="longer than 5"):
        read_peaks(Path(path))


def test_an_answer_is_kept_for_as_long_as_the_file_stays(answers, folder, monkeypatch):
    path = write_wav(folder / "song.wav", noise(8000 * 3))
    made = answers._peaks
    asked = []
    monkeypatch.setattr(answers, "_peaks", lambda *values: asked.append(values) or made(*values))
    query = {"audio": "song.wav", "columns": "10"}
    assert answers.peaks(query) == answers.peaks(query)
    assert len(asked) == 1
    write_wav(path, noise(8000 * 2))
    assert json.loads(answers.peaks(query))["song_seconds"] == 2
    assert len(asked) == 2


def test_what_changed_while_it_was_read_is_read_again(folder, monkeypatch):
    read = []
    monkeypatch.setattr(songs, "read_peaks", lambda path: read.append(path) or read_peaks(path))
    path = write_wav(folder / "song.wav", noise(8000))
    before = identify(path)
    write_wav(path, noise(16_000))
    known = songs.Songs()
    for _ in range(2):
        assert known.peaks(path, before).samples == 16_000
    assert len(read) == 2
    for _ in range(2):
        known.peaks(path, identify(path))
    assert len(read) == 3


def test_a_last_window_that_is_asked_for_whole_is_made_whole(answers):
    fit, full = (json.loads(answers.plan({"song_seconds": "65", **PLANNER, "last_window": each})) for each in ("fit", "full"))
    assert fit != full
    assert json.loads(answers.plan({"song_seconds": "65", **PLANNER})) == fit


def test_a_file_without_a_sample_is_no_song_and_a_few_are_one(folder):
    with pytest.raises(SongError, match=r"empty\.wav"):
        read_peaks(write_wav(folder / "empty.wav", noise(0, 1)))
    few = read_peaks(write_wav(folder / "few.wav", np.full((10, 1), 16384, np.int16)))
    assert (few.samples, few.low.tolist(), few.high.tolist()) == (10, [64], [64])


def test_frames_that_hold_no_sample_are_no_song():
    with pytest.raises(SongError, match=r"empty\.wav has no sound in it; choose a song"):
        song_peaks._peaks_of("empty.wav", 8000, iter(()))
