"""Song and picture of the demo: the same every time, and what they claim to be."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scipy.io import wavfile

from audio_loop.demo.picture import face, write_picture
from audio_loop.demo.song import SAMPLE_RATE_HZ, song, write_song
from audio_loop.demo.tiny_weights import tiny_weight


@pytest.mark.parametrize("seconds", [40.0, 10.0, 0.3, 7.123])
def test_a_song_is_as_long_as_asked_and_neither_silent_nor_clipped(seconds):
    samples = song(seconds)
    assert samples.shape == (2, round(seconds * SAMPLE_RATE_HZ))
    assert 0.5 < np.abs(samples).max() < 1.0
    assert np.isfinite(samples).all()


def test_a_longer_song_begins_like_a_shorter_one():
    short, long = song(5.0), song(12.0)
    correlation = np.corrcoef(short[0], long[0, : short.shape[1]])[0, 1]
    assert correlation > 0.999


def test_the_voice_has_the_formants_of_its_vowel():
    one_syllable = song(0.55)[0]
    spectrum = np.abs(np.fft.rfft(one_syllable * np.hanning(len(one_syllable))))
    hertz = np.fft.rfftfreq(len(one_syllable), 1 / SAMPLE_RATE_HZ)
    near = spectrum[(hertz > 700) & (hertz < 1300)].max()
    between = spectrum[(hertz > 1700) & (hertz < 2400)].max()
    assert near > 3 * between


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_song_of_no_length_is_refused(seconds):
    with pytest.raises(ValueError, match="more than 0"):
        song(seconds)


def test_song_and_picture_files_are_the_same_every_time(tmp_path):
    songs = [write_song(tmp_path / f"{i}.wav", 2.0).read_bytes() for i in range(2)]
    pictures = [write_picture(tmp_path / f"{i}.png").read_bytes() for i in range(2)]
    assert songs[0] == songs[1]
    assert pictures[0] == pictures[1]
    rate, samples = wavfile.read(tmp_path / "0.wav")
    assert (rate, samples.shape) == (SAMPLE_RATE_HZ, (2 * SAMPLE_RATE_HZ, 2))
    assert Image.open(tmp_path / "0.png").size == (832, 448)


@pytest.mark.parametrize("size", [(832, 448), (448, 832), (128, 128)])
def test_the_face_is_symmetric_and_in_the_middle(size):
    pixels = np.asarray(face(*size)).astype(int)
    assert pixels.shape == (size[1], size[0], 3)
    assert np.abs(pixels - pixels[:, ::-1]).mean() < 1.0
    skin, sky = pixels[size[1] // 2, size[0] // 2], pixels[2, 2]
    assert skin[0] > sky[0] + 80


def test_a_weight_depends_on_its_name_and_on_nothing_else():
    first = tiny_weight("a.weight", (8, 32))
    tiny_weight("b.weight", (8, 32))
    assert np.array_equal(first, tiny_weight("a.weight", (8, 32)))
    assert not np.array_equal(first, tiny_weight("b.weight", (8, 32)))
    assert abs(float(tiny_weight("c.weight", (256, 64)).std()) - 64**-0.5) < 0.01
    assert float(tiny_weight("norm.weight", (16,)).min()) == 1.0
    assert float(tiny_weight("x.bias", (16,)).abs().max()) == 0.0
