"""Sections of the same material have the same letter, and hours of song are compared in bounded time."""

from __future__ import annotations

import time

import numpy as np

from audio_loop.audio.analysis.chroma import CHROMA_HZ
from audio_loop.audio.analysis.letters import letter_of, letters_of
from audio_loop.audio.analysis.onsets import BANDS_HZ
from audio_loop.audio.analysis.sections import sections_of
from audio_loop.audio.analysis.song_analysis import Beats, Voice, VoiceStretch
from audio_loop.audio.analysis.steps import MOST_STEPS, Steps, steps_of


def steps(form, length=16):
    """Steps of a form: each letter has notes, a sound and a voice of its own."""
    material, rng = {}, np.random.default_rng(3)
    for name in dict.fromkeys(form):
        material[name] = [rng.random((length, 12)) ** 4, np.repeat(rng.normal(0, 12, (1, 12)), length, axis=0)]
    notes, timbre = (np.concatenate([material[name][kind] for name in form]) for kind in (0, 1))
    notes = notes + 0.02 * rng.random(notes.shape)
    count = len(notes)
    voice = np.repeat([float(name in "AB") for name in form], length)
    return Steps(
        np.arange(count + 1) * 0.5,
        (notes / np.linalg.norm(notes, axis=1, keepdims=True)).astype(np.float32),
        (timbre + rng.normal(0, 1, timbre.shape)).astype(np.float32),
        np.zeros(count, np.float32),
        np.ones((count, 5), np.float32),
        voice.astype(np.float32),
    )


def spans(form, length=16):
    return [(index * length, (index + 1) * length) for index in range(len(form))]


def test_what_comes_again_has_its_letter_again():
    assert letters_of(steps("CABABDB"), spans("CABABDB")) == ("A", "B", "C", "B", "C", "D", "C")


def test_one_section_and_none():
    assert letters_of(steps("A"), spans("A")) == ("A",)
    assert letters_of(steps("A"), ()) == ()


def test_letters_behind_z():
    assert [letter_of(number) for number in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_an_hour_takes_seconds():
    rng, seconds = np.random.default_rng(0), 3600
    parts = rng.integers(0, 9, seconds // 15)
    chroma = np.repeat(rng.random((9, 12))[parts], 15 * CHROMA_HZ, axis=0).astype(np.float32)
    bands = np.repeat(rng.normal(-40, 10, (9, 40))[parts], 15 * BANDS_HZ, axis=0).astype(np.float32)
    beats = Beats(tuple(np.arange(0.0, seconds, 0.5)), tuple(range(0, 2 * seconds, 4)), 4)
    voice = Voice(
        tuple(VoiceStretch(at, at + 5.0, "singing") for at in np.arange(0.0, seconds, 12.0)), 0.4, None, None, None, 0.4
    )
    assert len(steps_of(seconds, chroma, bands, beats, voice)) <= MOST_STEPS + 1
    began = time.process_time()
    found = sections_of(seconds, chroma, bands, beats, voice, [-20.0] * seconds, np.arange(0.0, seconds, 0.5))
    assert time.process_time() - began < 10.0
    assert found[-1].end_seconds == seconds
    assert len(found) > 20
