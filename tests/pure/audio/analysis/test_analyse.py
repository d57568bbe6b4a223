"""A song heard once: tempo, beats, key and level of sound whose truth is known, and sound that has none of them."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.analysis.analyse import analyse, analyse_song
from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.reading.song_source import SongArray

CHORDS = {"major": ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), "minor": ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))}


def chord_song(bpm, tonic=0, mode="major", per_bar=4, seconds=24.0, seed=0):
    """Chords that change with the bar over a kick on its first beat and a stick on all."""
    chance = np.random.default_rng(seed)
    samples = np.zeros(int(seconds * LISTENING_HZ))
    beat = 60 / bpm
    for index in range(int((seconds - 1) / beat)):
        start = 0.5 + index * beat + chance.normal(0, 0.004)
        length = np.arange(int(beat * LISTENING_HZ)) / LISTENING_HZ
        chord = CHORDS[mode][index // per_bar % 4]
        hz = [220 * 2 ** ((tonic - 9 + note) / 12) for note in chord]
        sound = sum(np.sin(2 * np.pi * f * h * length) / h for f in hz for h in (1, 2, 3)) * np.exp(-3 * length) * 0.1
        sound = sound + chance.normal(0, 0.2, len(length)) * np.exp(-60 * length)
        if index % per_bar == 0:
            sound = sound + np.sin(2 * np.pi * 55 * length) * np.exp(-20 * length)
        begin = int(start * LISTENING_HZ)
        samples[begin : begin + len(sound)] += sound
    return (samples / np.abs(samples).max() / 2).astype(np.float32)


@pytest.mark.parametrize(("bpm", "tonic", "mode", "per_bar"), [(60, 0, "major", 4), (97, 4, "minor", 3), (180, 9, "major", 4)])
def test_tempo_beats_bars_and_key_are_those_that_were_played(bpm, tonic, mode, per_bar):
    found = analyse([chord_song(bpm, tonic, mode, per_bar)])
    assert min(abs(found.tempo.bpm / bpm - octave) for octave in (0.5, 1, 2)) < 0.02
    assert (found.key.tonic, found.key.mode) == (("C", "E", "A")[(0, 4, 9).index(tonic)], mode)
    if abs(found.tempo.bpm / bpm - 1) < 0.02:
        truth = 0.5 + np.arange(int(23 * bpm / 60)) * 60 / bpm
        hits = [np.abs(truth - beat).min() < 0.07 for beat in found.beats.seconds]
        assert np.mean(hits) > 0.9
        assert found.beats.beats_per_bar == per_bar
        assert np.mean([np.abs(truth[::per_bar] - beat).min() < 0.07 for beat in found.beats.downbeats]) > 0.9


def test_pieces_of_any_length_tell_the_same():
    song = chord_song(110)
    chance = np.random.default_rng(3)
    cuts = np.sort(chance.integers(0, len(song), 40))
    assert analyse(np.split(song, cuts)) == analyse([song])


def test_an_array_at_another_rate_and_with_two_channels_is_heard():
    song = np.repeat(chord_song(120), 2)
    found = analyse_song(SongArray(np.stack([song, song]), 2 * LISTENING_HZ))
    assert found.duration_seconds == pytest.approx(24.0)
    assert found.tempo.bpm == pytest.approx(120, rel=0.02)


def seconds_of(count):
    return np.zeros(int(count * LISTENING_HZ), np.float32)


def impulse():
    return np.concatenate([seconds_of(5), np.ones(1, np.float32), seconds_of(5)])


@pytest.mark.parametrize(
    "samples",
    [
        seconds_of(0),
        seconds_of(1 / LISTENING_HZ),
        seconds_of(0.01),
        seconds_of(30),
        np.full(10 * LISTENING_HZ, 0.5, np.float32),
        np.random.default_rng(0).normal(0, 0.1, 20 * LISTENING_HZ).astype(np.float32),
        impulse(),
    ],
    ids=["nothing", "one sample", "10 ms", "silence", "DC", "noise", "impulse"],
)
def test_sound_without_beat_and_key_has_none(samples):
    found = analyse([samples])
    assert (found.tempo, found.beats, found.key) == (None, None, None)
    assert found.duration_seconds == len(samples) / LISTENING_HZ
    assert len(found.sections) == 1
    assert np.isfinite(found.level_db).all()
    assert found.document()["duration_seconds"] == found.duration_seconds


def test_a_tone_has_no_beat_but_a_silent_beginning_moves_no_beat():
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(10 * LISTENING_HZ) / LISTENING_HZ)
    assert analyse([tone.astype(np.float32)]).beats is None
    song = chord_song(100)
    late = analyse([seconds_of(20), song])
    assert late.beats.seconds[0] == pytest.approx(20.5, abs=0.1)


def test_who_listens_may_end_it():
    class EnoughError(Exception):
        pass

    def enough(seconds):
        if seconds > 1:
            raise EnoughError

    with pytest.raises(EnoughError):
        analyse(np.split(chord_song(120), 24), on_progress=enough)


def test_of_a_stem_it_is_told_how_far_it_is_behind_the_song():
    song = chord_song(120, seconds=4.0)
    told = []
    analyse(np.split(song, 2), np.split(song, 4), told.append)
    assert told == [2, 4, 5, 6, 7, 8]
