"""What the analysis hears in songs whose truth is known: a part of `benchmarks/ear.py`, of songs that nobody tuned it on."""

from __future__ import annotations

import itertools
from dataclasses import asdict

import numpy as np
import pytest

from audio_loop.audio.analysis.analyse import analyse

from ....songs import make_song
from ....songs.scoring import f_of, score

SEEDS = (2000, 2005, 2010, 2015, 2020, 2025)


@pytest.fixture(scope="module")
def heard():
    """Songs and what is heard in them."""
    songs = [make_song(seed) for seed in SEEDS]
    return [(song, analyse(np.array_split(song.samples, 9))) for song in songs]


@pytest.fixture(scope="module")
def mean(heard):
    figures = [asdict(score(song, found)) for song, found in heard]
    return {name: float(np.mean([each[name] for each in figures])) for name in figures[0]}


def test_tempo_or_its_octave_and_key(mean):
    assert mean["tempo_or_octave"] >= 0.8
    assert mean["key"] >= 0.8


def test_sections_begin_where_the_form_changes(mean):
    assert mean["boundaries"] >= 0.8


def test_the_same_material_has_the_same_letter_and_its_name(mean):
    assert mean["pairs"] >= 0.75
    assert mean["labels"] >= 0.75


def test_the_voice_is_heard_where_somebody_sings(mean):
    assert f_of(mean["voice_hits"], mean["voice_found"], mean["voice_true"]) >= 0.85


def test_sections_cover_the_song_without_gap(heard):
    for song, each in heard:
        assert each.sections[0].start_seconds == 0
        assert each.sections[-1].end_seconds == song.duration_seconds
        for one, other in itertools.pairwise(each.sections):
            assert one.end_seconds == other.start_seconds
            assert one.end_seconds > one.start_seconds
