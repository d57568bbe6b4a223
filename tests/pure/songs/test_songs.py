"""The truth that synthetic songs tell is what is heard in them."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest

from audio_loop.audio.analysis.song_analysis import PITCH_CLASSES

from ...songs import make_song
from ...songs.instruments import hertz

SUNG_WITH_DRUMS = 5


@lru_cache(maxsize=1)
def sung_with_drums():
    return make_song(SUNG_WITH_DRUMS, form="IABAB", part_seconds=7.0)


def _level(samples, start, end):
    piece = samples[max(0, int(start * 16_000)) : int(end * 16_000)]
    return float(np.sqrt(np.mean(piece**2)))


def test_a_seed_is_one_song_and_another_seed_another():
    first, again, other = (make_song(seed, form="AB", part_seconds=5.0) for seed in (3, 3, 4))
    assert np.array_equal(first.samples, again.samples)
    assert first.sections == again.sections
    assert len(first.samples) != len(other.samples) or not np.array_equal(first.samples, other.samples)


def test_what_is_chosen_is_so():
    song = make_song(
        1, tempo_bpm=150.0, key=("F#", "minor"), beats_per_bar=3, form="ABAB", drums=False, voice=False, part_seconds=8.0
    )
    assert song.tempo_bpm == pytest.approx(150.0, rel=0.01)
    assert (song.tonic, song.mode, song.beats_per_bar, song.drums, song.voice) == ("F#", "minor", 3, False, ())
    assert [section.letter for section in song.sections] == list("ABAB")


def test_sections_cover_the_song_and_begin_on_downbeats():
    song = sung_with_drums()
    ends = [section.end_seconds for section in song.sections]
    starts = [section.start_seconds for section in song.sections]
    assert starts[0] == 0.0
    assert ends[-1] == song.duration_seconds
    assert starts[1:] == ends[:-1]
    assert all(min(abs(start - beat) for beat in song.downbeats) < 1e-9 for start in starts[1:])


def test_the_bass_drum_falls_on_the_downbeats():
    song = sung_with_drums()
    kicks, downbeats = np.array(song.kicks), np.array(song.downbeats)
    near = [float(np.abs(kicks - beat).min()) < 0.03 for beat in downbeats]
    assert sum(near) > 0.5 * len(near), "parts with drums are most of this song"
    drums = song.stem("drums")
    before = np.mean([_level(drums, kick - 0.03, kick - 0.005) for kick in kicks[5:40]])
    behind = np.mean([_level(drums, kick + 0.0, kick + 0.05) for kick in kicks[5:40]])
    assert behind > 2 * before


def test_the_voice_sings_in_its_phrases_and_is_silent_between():
    song = sung_with_drums()
    voice = song.stem("voice")
    sung = np.mean([_level(voice, each.start_seconds, each.end_seconds) for each in song.voice])
    pauses = [
        (first.end_seconds + 0.1, second.start_seconds - 0.05)
        for first, second in zip(song.voice, song.voice[1:], strict=False)
        if second.start_seconds - first.end_seconds > 0.6
    ]
    assert len(pauses) > 4
    # What is left between is the room.
    assert np.mean([_level(voice, start, end) for start, end in pauses]) < 0.2 * sung


def test_the_voice_has_the_pitch_of_its_notes():
    song = sung_with_drums()
    voice = song.stem("voice")
    right = []
    for each in [each for each in song.score.syllables if each.seconds > 0.45][:20]:
        middle = int((each.start_seconds + 0.7 * each.seconds) * 16_000)
        piece = voice[middle - 800 : middle + 800] * np.hanning(1600)
        spectrum = np.abs(np.fft.rfft(piece, 16_384)) ** 2
        alike = np.fft.irfft(spectrum)
        lag = int(16_000 / hertz(each.midi) * 0.8)
        heard = 16_000 / (lag + int(np.argmax(alike[lag : int(16_000 / hertz(each.midi) * 1.25)])))
        right.append(abs(12 * np.log2(heard / hertz(each.midi))) < 0.8)
    assert np.mean(right) > 0.9


def test_seeds_cover_keys_and_tempos_evenly():
    songs = [make_song(seed, form="I", part_seconds=1.0) for seed in range(24)]
    assert {(song.tonic, song.mode) for song in songs} == set(itertools.product(PITCH_CLASSES, ("major", "minor")))
    assert np.histogram([song.tempo_bpm for song in songs], bins=6, range=(60, 180))[0].min() >= 2


def test_a_repetition_is_varied_and_yet_the_same_material():
    song = sung_with_drums()
    first, second = (s for s in song.sections if s.letter == "B")

    def notes(section):
        start, end = section.start_seconds, section.end_seconds - 0.1
        return [(note.midi, note.instrument) for note in song.score.notes if start <= note.start_seconds < end]

    assert notes(first) != notes(second)
    assert len({*notes(first)} & {*notes(second)}) > 0.6 * len({*notes(first)})


def test_the_same_song_at_44100_hertz_in_stereo():
    song = make_song(SUNG_WITH_DRUMS, form="AB", part_seconds=4.0)
    stereo = song.rendered(44_100, 2)
    assert stereo.shape == (2, int(song.score.duration_seconds * 44_100))
    assert np.abs(stereo).max() <= 1.0
    envelope = np.sqrt(np.array([np.mean(part**2) for part in np.array_split(stereo.mean(0), 200)]))
    mono = np.sqrt(np.array([np.mean(part**2) for part in np.array_split(song.samples, 200)]))
    assert np.corrcoef(envelope, mono)[0, 1] > 0.9
