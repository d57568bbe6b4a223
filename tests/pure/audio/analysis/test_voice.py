"""Where somebody sings: over plucked strings and drums, which never glide."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.song_analysis import Voice
from audio_loop.audio.analysis.voice import VoiceListener

from ....songs import make_song
from ....speech import sentences, spoken
from ....voices import HZ, plucked, sung


def heard(samples: np.ndarray, is_stem: bool = False, piece: int = 16_000) -> Voice:
    listener = VoiceListener(is_stem)
    for begin in range(0, len(samples), piece):
        listener.add(samples[begin : begin + piece].astype(np.float32))
    return listener.result()


def with_voice(seconds: float, start: int, end: int, gain: float = 1.0) -> np.ndarray:
    out = plucked(seconds, 3)
    out[start * HZ : end * HZ] += gain * sung(end - start, 4)
    return out


def test_strings_and_drums_alone_are_no_voice():
    found = heard(plucked(20, 1))
    assert found.stretches == ()
    assert found.fraction == 0
    assert found.median_f0_hz is None


@pytest.mark.parametrize("gain", [1.0, 2.0])
def test_the_sung_part_of_a_song_is_found(gain):
    found = heard(with_voice(24, 8, 16, gain))
    assert found.part(8.5, 15.5) > 0.9
    assert found.part(0, 7) == 0
    assert found.part(17, 24) == 0
    assert {each.kind for each in found.stretches} == {"singing"}


def test_pieces_of_any_length_give_the_same():
    song = with_voice(12, 4, 8)
    assert heard(song, piece=12 * HZ) == heard(song, piece=1234)


def test_silence_a_blink_and_nothing_at_all_have_no_voice():
    for samples in (np.zeros(5 * HZ), np.zeros(100), np.zeros(0), np.full(HZ, 0.5)):
        found = heard(samples)
        assert found.stretches == ()
        assert found.fraction == found.voiced_fraction == 0


def talk(seconds: float, seed: int = 0) -> np.ndarray:
    """Sentences with pauses of half a second, about as loud as `plucked`."""
    rng = np.random.default_rng(seed)
    out, at = np.zeros(int(seconds * HZ), np.float32), HZ // 4
    voice = ("en-us", "de", "en-us+f2")[seed % 3]
    for text in sentences(voice) * 9:
        said = resample_poly(spoken(text, voice), 320, 441)
        if at + len(said) > len(out):
            break
        out[at : at + len(said)] = said
        at += len(said) + HZ // 2
    return 0.1 * out / np.sqrt(np.mean(out**2)) + 1e-4 * rng.standard_normal(len(out))


def applause(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(5)
    out, clap = np.zeros(int(seconds * HZ)), np.exp(-np.arange(800) / 80)
    for at in rng.integers(0, len(out) - 800, int(300 * seconds)):
        out[at : at + 800] += clap * rng.standard_normal(800)
    return 0.1 * out / np.sqrt(np.mean(out**2))


@pytest.mark.parametrize("is_stem", [False, True])
def test_a_talk_is_speech_and_the_applause_after_it_a_crowd(is_stem):
    first = talk(12)
    words = np.flatnonzero(np.abs(first) > 0.02)[-1]
    evening = np.concatenate([first[: words + HZ // 4], applause(3), np.zeros(HZ // 2), talk(10, 3)])
    claps = (words / HZ + 0.25, words / HZ + 3.25)
    found = heard(evening + 1e-4 * np.random.default_rng(1).standard_normal(len(evening)), is_stem)
    assert found.part(*claps, "crowd") > 0.8
    assert found.part(*claps, "speech", "singing") < 0.2
    assert found.part(0.5, words / HZ, "speech") > 0.8
    assert found.part(0, len(evening) / HZ, "singing") == 0
    assert found.part(0, words / HZ, "crowd") < 0.05


def test_speech_over_music_is_speech():
    song = plucked(24, 2)
    song[6 * HZ : 18 * HZ] += (2.5 * talk(12, 2)).astype(np.float32)
    found = heard(song)
    assert found.part(6.5, 17.5, "speech") > 0.75
    assert found.part(0, 5.5) + found.part(18.5, 24) == 0


def test_in_a_stem_everything_that_is_loud_enough_is_the_voice():
    stem = np.concatenate([np.zeros(3 * HZ), sung(5, 7), np.zeros(3 * HZ), 0.003 * sung(4, 8)])
    found = heard(stem, is_stem=True)
    assert [each.kind for each in found.stretches] == ["singing"]
    assert found.part(3, 8) > 0.95
    assert found.fraction == pytest.approx(5 / 15, abs=0.02), "what is left of others 50 dB below is no voice"


def test_a_song_of_the_corpus_is_heard():
    song = make_song(20, part_seconds=5.0)
    found = heard(song.samples)
    count = int(100 * song.duration_seconds)
    true, told = (
        np.array([any(each.start_seconds <= k / 100 < each.end_seconds for each in stretches) for k in range(count)])
        for stretches in (song.voice, found.stretches)
    )
    assert 2 * np.sum(true & told) / (true.sum() + told.sum()) > 0.85


def test_how_much_voice_there_is_counts_from_the_song_if_its_stem_is_shorter():
    stem = np.concatenate([np.zeros(2 * HZ), sung(3, 7)])
    whole = np.concatenate([stem, np.zeros(5 * HZ)])
    short, full = (analyse([np.zeros(10 * HZ)], [each]).voice for each in (stem, whole))
    assert full.fraction == pytest.approx(0.3, abs=0.06)
    assert short.fraction == pytest.approx(full.fraction, abs=0.02)
    assert short.voiced_fraction == pytest.approx(full.voiced_fraction, abs=0.02)
