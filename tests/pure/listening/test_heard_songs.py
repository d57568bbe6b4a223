"""One song is listened to at a time, once for all who ask, while somebody asks, and kept while its file is the same."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from audio_loop.audio.analysis.song_analysis import Section, SongAnalysis, Voice
from audio_loop.audio.reading.sound_file import SongError
from audio_loop.files.regular_files import identify
from audio_loop.listening import heard_songs
from audio_loop.listening.heard_songs import HeardSongs

SILENCE = Voice((), 0.0, None, None, None, 0.0)


def analysis_of(seconds):
    sections = (Section(0.0, seconds, "section", "A", "medium", -20.0, 0.0, 0.0),)
    return SongAnalysis(seconds, None, None, None, sections, SILENCE, (), ())


class Ear:
    """Listens when it is told to."""

    def __init__(self):
        self.heard = Counter()
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.given_up = threading.Event()
        self.error = None

    def __call__(self, path, report):
        self.heard[path.name] += 1
        report(0.25)
        self.begun.set()
        try:
            while not self.go_on.wait(0.005):
                report(0.5)
        except BaseException:
            self.given_up.set()
            raise
        if self.error:
            raise self.error
        return analysis_of(float(len(path.read_bytes())))


@pytest.fixture
def ear():
    made = Ear()
    yield made
    made.go_on.set()


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(b"0123456789")
    return path


def until(found, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return value


def heard(songs, path):
    def ask():
        found = songs.ask(path, identify(path))
        return None if isinstance(found, float) else found

    return until(ask)


def test_all_who_ask_share_one_hearing(ear, song):
    songs = HeardSongs(ear)
    identity = identify(song)
    assert songs.known(song, identity) is None
    with ThreadPoolExecutor(8) as pool:
        parts = [*pool.map(lambda _: songs.ask(song, identity), range(64))]
    assert all(part < 1 for part in parts)
    assert ear.begun.wait(10)
    assert until(lambda: songs.ask(song, identity) >= 0.5)
    ear.go_on.set()
    assert heard(songs, song).duration_seconds == 10.0
    assert songs.known(song, identity) is songs.ask(song, identity)
    assert ear.heard == {"song.wav": 1}


def test_another_content_is_another_song(ear, song):
    songs = HeardSongs(ear)
    ear.go_on.set()
    assert heard(songs, song).duration_seconds == 10.0
    song.write_bytes(b"01234")
    assert songs.known(song, identify(song)) is None
    assert heard(songs, song).duration_seconds == 5.0


def test_what_changed_meanwhile_is_not_kept(ear, song):
    songs = HeardSongs(ear)
    before = identify(song)
    songs.ask(song, before)
    assert ear.begun.wait(10)
    song.write_bytes(b"01234")
    ear.go_on.set()
    assert heard(songs, song).duration_seconds == 5.0
    assert songs.known(song, before) is None


def test_a_song_that_nobody_asks_for_is_given_up(ear, song, monkeypatch):
    monkeypatch.setattr(heard_songs, "ABANDONED_SECONDS", 0.05)
    songs = HeardSongs(ear)
    songs.ask(song, identify(song))
    assert ear.given_up.wait(10)
    until(lambda: not songs._is_working)
    assert songs.known(song, identify(song)) is None
    ear.go_on.set()
    # Whoever asks again hears it.
    assert heard(songs, song).duration_seconds == 10.0


def test_the_song_that_was_asked_for_last_comes_first(ear, song, tmp_path):
    songs = HeardSongs(ear)
    songs.ask(song, identify(song))
    assert ear.begun.wait(10)
    others = [tmp_path / f"{number}.wav" for number in range(12)]
    for other in others:
        other.write_bytes(b"0")
        songs.ask(other, identify(other))
    ear.go_on.set()
    until(lambda: not songs._is_working)
    names = [*ear.heard]
    assert names[:3] == ["song.wav", "11.wav", "10.wav"]
    assert len(names) <= 1 + heard_songs.MOST_WAITING


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SongError("song.wav has no sound; choose a song"), "has no sound; choose a song"),
        (PermissionError(13, "Permission denied"), r"^song.wav cannot be read: Permission denied$"),
        (ValueError("a fault of ours"), "song.wav could not be listened to; ComfyUI's log says why"),
    ],
)
def test_a_song_that_cannot_be_read_is_refused_in_a_sentence_and_read_once(ear, song, error, said):
    songs = HeardSongs(ear)
    ear.error = error
    ear.go_on.set()
    for _ in range(3):
        with pytest.raises(SongError, match=said):
            heard(songs, song)
    with pytest.raises(SongError, match=said):
        songs.known(song, identify(song))
    assert ear.heard == {"song.wav": 1}


def test_a_song_that_waits_and_that_nobody_asks_for_is_never_begun(ear, song, tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(heard_songs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    songs, other = HeardSongs(ear), tmp_path / "other.wav"
    other.write_bytes(b"0")
    songs.ask(song, identify(song))
    assert ear.begun.wait(10)
    songs.ask(other, identify(other))
    for seconds in (0.6, 1.2):
        now[0] = seconds * heard_songs.ABANDONED_SECONDS
        songs.ask(song, identify(song))
    ear.go_on.set()
    until(lambda: not songs._is_working)
    assert ear.heard == {"song.wav": 1}
    assert songs.known(song, identify(song)).duration_seconds == 10.0


def test_a_song_that_is_deleted_while_it_is_heard_is_not_kept(ear, song):
    songs, before = HeardSongs(ear), identify(song)
    content = song.read_bytes()
    songs._analyse = lambda path, report: (ear(path, report), path.unlink())[0]
    songs.ask(song, before)
    assert ear.begun.wait(10)
    ear.go_on.set()
    until(lambda: not songs._is_working)
    assert songs.known(song, before) is None
    song.write_bytes(content)
    songs._analyse = ear
    assert heard(songs, song).duration_seconds == 10.0
