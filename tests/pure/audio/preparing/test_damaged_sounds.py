"""Damaged and odd files: a clear refusal or a right answer. `benchmarks/damaged_audio.py` does the same with thousands."""

from __future__ import annotations

import itertools

import pytest

from audio_loop.audio.preparing.presets import PRESETS

from ....damaged_sounds import answer, odd_sound

NUMBERS = 200


@pytest.mark.parametrize("first", range(0, NUMBERS, 50))
def test_a_clear_refusal_or_a_right_answer(tmp_path, first):
    presets = itertools.cycle(PRESETS)
    answers = []
    for number, preset in zip(range(first, first + 50), presets, strict=False):
        sound = odd_sound(tmp_path, number)
        try:
            answers.append(answer(sound, preset))
        except Exception as error:
            raise AssertionError(f"number {number}, {sound.made}: {error}") from error
    refused = [each for each in answers if each.startswith("refused: ")]
    assert 10 < len(refused) < 40, "the files are neither all whole nor all beyond reading"
    assert all(str(tmp_path) not in each for each in refused), "no message tells where the folder lies"
