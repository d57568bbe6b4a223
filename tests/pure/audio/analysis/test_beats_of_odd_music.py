"""Tempo and beats of what is not a steady song in four: what must be right is, and what has no beat gets none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import resample_poly

from audio_loop.audio.analysis.beats import _back_from, _bars, _chord_changes, _last, beats_of
from audio_loop.audio.analysis.boundaries import boundaries_of
from audio_loop.audio.analysis.chroma import ChromaListener
from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.analysis.key import key_of
from audio_loop.audio.analysis.onsets import OnsetListener
from audio_loop.audio.analysis.self_similarity import repetition_novelty
from audio_loop.audio.analysis.song_analysis import Tempo
from audio_loop.audio.analysis.steps import Steps
from audio_loop.audio.analysis.tempo import _refined, tempo_of
from audio_loop.tests.songs import make_song
from audio_loop.tests.speech import SPEECH_HZ, TEXTS, spoken


def heard(samples):
    """(tempo, beats, key) of samples."""
    onsets, chroma = OnsetListener(), ChromaListener()
    for listener in (onsets, chroma):
        listener.add(np.asarray(samples, np.float32))
    begins, notes = onsets.result(), chroma.result()
    tempo = tempo_of(begins.flux)
    return tempo, None if tempo is None else beats_of(begins, tempo, notes), key_of(notes)


def strokes(seconds, times, hz, loud=0.5):
    """A stroke of 50 ms on a pitch at each time."""
    samples = np.zeros(int(seconds * LISTENING_HZ))
    length = np.arange(800)
    stroke = loud * np.sin(2 * np.pi * hz * length / LISTENING_HZ) * np.exp(-length / 150)
    for time in times:
        begin = round(time * LISTENING_HZ)
        samples[begin : begin + 800] += stroke[: max(0, len(samples) - begin)]
    return samples


def hits(found, truth):
    """Part of the beats that lie within 70 ms of a true one, and part of the true ones that have a beat."""
    apart = np.abs(np.subtract.outer(np.asarray(found), np.asarray(truth)))
    return float((apart.min(axis=1) < 0.07).mean()), float((apart.min(axis=0) < 0.07).mean())


@pytest.mark.parametrize("bpm", [60, 75, 180])
def test_nothing_but_a_click_is_counted_at_its_own_speed(bpm):
    times = np.arange(0.5, 29, 60 / bpm)
    tempo, beats, _ = heard(strokes(30, times, 1000))
    assert tempo.bpm == pytest.approx(bpm, rel=0.005)
    assert min(hits(beats.seconds, times)) > 0.95


def test_the_beat_is_the_kick_not_a_louder_hi_hat_between():
    kicks = np.arange(0.5, 29, 0.5)
    chance = np.random.default_rng(0)
    hats = np.zeros(30 * LISTENING_HZ)
    for time in kicks + 0.25:
        begin = round(time * LISTENING_HZ)
        hats[begin : begin + 1600] += chance.normal(0, 0.3, 1600) * np.exp(-np.arange(1600) / 400)
    tempo, beats, _ = heard(strokes(30, kicks, 60, 0.4) + hats)
    assert tempo.bpm == pytest.approx(120, rel=0.01)
    assert min(hits(beats.seconds, kicks)) > 0.95


def test_swung_eighths_do_not_take_the_beat():
    beat = np.arange(0.5, 29, 0.6)
    swung = strokes(30, beat, 60) + strokes(30, beat + 0.4, 2000, 0.7) + strokes(30, beat, 2000, 0.4)
    tempo, beats, _ = heard(swung)
    assert tempo.bpm == pytest.approx(100, rel=0.01)
    assert min(hits(beats.seconds, beat)) > 0.95


def test_six_eighths_are_bars_of_three():
    eighths = np.arange(0.5, 29, 1 / 3)
    song = strokes(30, eighths, 2000, 0.2) + strokes(30, eighths[::3], 300) + strokes(30, eighths[::6], 80)
    tempo, beats, _ = heard(song)
    assert {round(tempo.bpm / 60), round(tempo.other_bpm / 60)} == {1, 3}
    assert beats.beats_per_bar == 3
    assert hits(beats.downbeats, eighths[::3])[0] > 0.95


def test_beats_follow_a_band_that_breathes():
    times = 0.5 + np.cumsum(0.55 * (1 + 0.04 * np.sin(np.arange(60) / 5)))
    _, beats, _ = heard(strokes(times[-1] + 1, times, 500))
    assert min(hits(beats.seconds, times)) > 0.95


def test_another_tempo_half_way_leaves_the_first_half_right():
    first, second = np.arange(0.5, 30, 0.6), np.arange(30, 45, 60 / 140)
    tempo, beats, _ = heard(strokes(46, [*first, *second], 800))
    assert tempo.bpm == pytest.approx(100, rel=0.01)
    assert tempo.other_bpm == pytest.approx(140, rel=0.02)
    assert min(hits([each for each in beats.seconds if each < 29], first[:-1])) > 0.95


def test_talk_has_neither_beat_nor_key():
    chance = np.random.default_rng(4)
    sentences = [
        part
        for text in TEXTS["en"] * 2
        for part in (resample_poly(spoken(text), 320, 441), np.zeros(int(chance.uniform(0.2, 1) * LISTENING_HZ)))
    ]
    assert SPEECH_HZ * 320 == LISTENING_HZ * 441
    assert heard(np.concatenate(sentences)) == (None, None, None)


def test_drums_have_a_beat_and_no_key():
    song = make_song(2, drums=True, part_seconds=5.0)
    tempo, beats, key = heard(song.stem("drums"))
    assert min(abs(tempo.bpm / song.tempo_bpm - octave) for octave in (0.5, 1, 2)) < 0.02
    assert len(beats.seconds) > 20
    assert key is None


@pytest.mark.parametrize("seconds", [0.01, 1.0])
def test_a_moment_of_sound_has_no_key(seconds):
    noise = np.random.default_rng(1).normal(0, 0.1, int(seconds * LISTENING_HZ))
    assert heard(noise + strokes(seconds, [0.0], 440)) == (None, None, None)


def test_chords_in_a_dense_mix_still_have_their_key():
    song = make_song(4, drums=True, voice=False, part_seconds=4.0)
    dense = np.random.default_rng(2).normal(0, 0.25 * float(song.samples.std()), len(song.samples))
    _, _, key = heard(song.samples + dense)
    assert (key.tonic, key.mode) == (song.tonic, song.mode)


def onsets_of(times, seconds=10.0):
    """Onsets in all bands at these times."""
    listener = OnsetListener()
    listener.add(strokes(seconds, times, 110).astype(np.float32))
    return listener.result()


SIXTY = Tempo(60.0, 0.9, 120.0)
NO_CHROMA = np.zeros((0, 12), np.float32)


def test_three_beats_are_too_few_and_silence_and_nothing_have_none():
    assert beats_of(onsets_of([2, 3, 4, 5, 6]), SIXTY, NO_CHROMA).seconds == pytest.approx([2, 3, 4, 5, 6], abs=0.05)
    assert beats_of(onsets_of([2, 3, 4]), SIXTY, NO_CHROMA) is None
    begins = onsets_of([2, 3, 4, 5, 6])
    still = np.zeros_like(begins.flux)
    assert beats_of(replace(begins, flux=still, low_flux=still), SIXTY, NO_CHROMA) is None
    assert _chord_changes(np.array([0, 50]), NO_CHROMA).tolist() == [0, 0]
    assert _back_from(_last(np.zeros(0), 100.0), np.zeros(0, np.int64)).tolist() == []


def test_fewer_than_four_beats_are_a_bar_of_four_from_the_first_on():
    assert _bars(np.array([0.0, 0.0, 5.0])) == (4, 0)
    assert _bars(np.array([0.0, 0.0, 5.0] * 4)) == (3, 2)


def test_a_curve_shorter_than_the_beat_leaves_the_tempo_as_it_is():
    assert _refined(np.ones(50), 60.0) == 60.0
    again = np.cos(2 * np.pi * np.arange(900) / 101)
    assert _refined(again, 60.0) == pytest.approx(6000 / 101, abs=0.05)


def test_fewer_than_eight_steps_repeat_nothing():
    assert repetition_novelty(np.eye(7), 0.5).tolist() == [0] * 7
    by_turns = np.kron(np.tile(np.eye(2), (2, 2)), np.ones((16, 16)))
    assert repetition_novelty(by_turns, 0.5).max() == 1


def test_without_a_beat_a_section_begins_where_the_sound_changes():
    half = np.arange(60) < 30
    notes = np.zeros((60, 12))
    notes[half, 0] = notes[~half, 6] = 1
    timbre = np.where(half[:, None], np.arange(12) - 5.5, 5.5 - np.arange(12))
    steps = Steps(np.arange(61.0), notes, timbre, np.where(half, -30.0, -10.0), np.zeros((60, 5)), np.zeros(60))
    assert boundaries_of(steps, None) == pytest.approx((0, 30), abs=1)
