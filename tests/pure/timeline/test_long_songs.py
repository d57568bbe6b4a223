"""A long compressed song is answered from samples at once, and whole as soon as it is read."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace

import av
import numpy as np
import pytest

from audio_loop.audio.reading.sound_file import SongError
from audio_loop.files.regular_files import identify
from audio_loop.timeline import song_overview, songs
from audio_loop.timeline.answers import Answers
from audio_loop.timeline.song_overview import read_overview
from audio_loop.timeline.song_peaks import read_peaks

RATE = 48_000
SECONDS = 24
PLANNER = {"window_seconds": "9.88", "overlap_seconds": "2.0", "fps": "25"}
# Container, codec, and the most that the packets may be longer than what is decoded, in samples: the codec's own lead and rest.
KINDS = {"mp3": ("libmp3lame", 2 * 1152), "m4a": ("aac", 2 * 1024), "opus": ("libopus", 2 * 960), "flac": ("flac", 0)}


def write_song(path, codec, seconds=SECONDS):
    """A tone that is loud for two seconds and soft for two, by turns."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.layout = "stereo"
        to_codec = av.AudioResampler(format=stream.format.name, layout="stereo", rate=RATE)
        tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
        for second in range(seconds):
            sound = (np.stack([tone, tone]) * (0.8 if second % 4 < 2 else 0.1)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(sound, "fltp", "stereo")
            frame.rate, frame.pts = RATE, second * RATE
            for fitting in to_codec.resample(frame):
                container.mux(stream.encode(fitting))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def long_from(monkeypatch):
    """Songs of more than ten seconds are long."""
    monkeypatch.setattr(song_overview, "LONG_SECONDS", 10)


@pytest.fixture
def answers(tmp_path):
    return Answers(lambda name: str(tmp_path / name), songs.Songs())


class HeldReader:
    """`read_peaks` that waits until it may begin."""

    def __init__(self):
        self.may_begin, self.names = threading.Event(), []

    def __call__(self, path):
        assert self.may_begin.wait(20)
        self.names.append(path.name)
        return read_peaks(path)


@pytest.fixture
def reader(monkeypatch):
    held = HeldReader()
    monkeypatch.setattr(songs, "read_peaks", held)
    yield held
    held.may_begin.set()


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_tell_length_and_loudness(tmp_path, long_from, kind):
    codec, lead = KINDS[kind]
    path = write_song(tmp_path / f"song.{kind}", codec)
    whole, seen = read_peaks(path), read_overview(path)
    assert seen.is_sampled
    assert not whole.is_sampled
    assert whole.samples <= seen.samples <= whole.samples + lead
    assert (seen.sample_rate, seen.bin_samples, len(seen.high)) == (RATE, RATE, -(-seen.samples // RATE))
    for second in range(SECONDS):
        loud = max(whole.high[second * 200 + 20 : second * 200 + 180])
        assert seen.high[second] == pytest.approx(loud, abs=6), second
        assert seen.low[second] == pytest.approx(-loud, abs=6), second


def test_what_is_short_or_needs_no_decoder_is_read_whole(tmp_path, long_from):
    assert read_overview(write_song(tmp_path / "short.mp3", "libmp3lame", 5)) is None
    assert read_overview(write_song(tmp_path / "plain.wav", "pcm_s16le")) is None


def test_a_long_song_is_answered_at_once_and_whole_later(tmp_path, long_from, answers, reader):
    write_song(tmp_path / "song.mp3", "libmp3lame")
    asked = {"audio": "song.mp3", "columns": "24"}
    first, plan = json.loads(answers.peaks(asked)), json.loads(answers.plan({"audio": "song.mp3", **PLANNER}))
    assert (first["sampled"], plan["sampled"], reader.names) == (True, True, [])
    assert first["song_seconds"] == pytest.approx(SECONDS, abs=0.05)
    assert json.loads(answers.peaks(asked)) == first
    reader.may_begin.set()
    whole = wait_for(answers, asked)
    assert whole["song_seconds"] == SECONDS
    assert json.loads(answers.plan({"audio": "song.mp3", **PLANNER}))["sampled"] is False
    assert reader.names == ["song.mp3"]


def test_the_song_that_was_asked_for_last_is_read_first(tmp_path, long_from, answers, reader):
    path = write_song(tmp_path / "a.mp3", "libmp3lame")
    for name in ("b.mp3", "c.mp3"):
        shutil.copy(path, tmp_path / name)
    for name in ("a.mp3", "b.mp3", "c.mp3", "b.mp3"):
        answers.peaks({"audio": name, "columns": "24"})
    reader.may_begin.set()
    for name in ("a.mp3", "b.mp3", "c.mp3"):
        wait_for(answers, {"audio": name, "columns": "24"})
    assert reader.names == ["a.mp3", "b.mp3", "c.mp3"]


def wait_for(answers, asked):
    """The answer once the song is read whole."""
    for _ in range(400):
        answer = json.loads(answers.peaks(asked))
        if not answer["sampled"]:
            return answer
        threading.Event().wait(0.05)
    raise AssertionError(f"{asked} is not read")


def test_a_song_whose_end_cannot_be_read_is_refused_once_that_is_known(tmp_path, long_from, answers, monkeypatch):
    def refuse(path):
        raise SongError(f"{path.name} cannot be read as sound: broken")

    monkeypatch.setattr(songs, "read_peaks", refuse)
    write_song(tmp_path / "song.mp3", "libmp3lame")
    assert json.loads(answers.peaks({"audio": "song.mp3", "columns": "24"}))["sampled"]
    with pytest.raises(SongError, match=r"song\.mp3 cannot be read as sound: broken"):
        wait_for(answers, {"audio": "song.mp3", "columns": "24"})


def test_a_long_song_that_claims_to_be_endless_is_given_up(tmp_path, long_from, monkeypatch):
    monkeypatch.setattr(song_overview, "LONGEST_SECONDS", 20)
    with pytest.raises(SongError, match=r"song\.mp3 is longer than 20"):
        read_overview(write_song(tmp_path / "song.mp3", "libmp3lame"))


def test_of_too_many_songs_that_wait_the_oldest_is_forgotten(tmp_path, long_from, answers, reader, monkeypatch):
    monkeypatch.setattr(songs, "MOST_SONGS", 2)
    path = write_song(tmp_path / "a.mp3", "libmp3lame")
    for name in ("b.mp3", "c.mp3", "d.mp3"):
        shutil.copy(path, tmp_path / name)
    for name in ("a.mp3", "b.mp3", "c.mp3", "d.mp3"):
        answers.peaks({"audio": name, "columns": "24"})
    reader.may_begin.set()
    for name in ("a.mp3", "c.mp3", "d.mp3"):
        wait_for(answers, {"audio": name, "columns": "24"})
    assert reader.names == ["a.mp3", "d.mp3", "c.mp3"]


def test_what_is_read_behind_is_kept_unless_the_file_changed_or_cannot_be_read(tmp_path, monkeypatch):
    path = write_song(tmp_path / "a.flac", "flac", 1)
    whole = songs.Recent(8)
    behind = songs._ReadBehind(whole)
    before = identify(path)
    behind._keep((path, before))
    assert whole.get((path, before)).samples == RATE
    write_song(path, "flac", 2)
    other = (path, replace(before, size_bytes=before.size_bytes + 1))
    behind._keep(other)
    assert whole.get(other) is None

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(songs, "read_peaks", refuse)
    behind._keep(other)
    assert str(whole.get(other)) == "a.flac cannot be read: Permission denied"
