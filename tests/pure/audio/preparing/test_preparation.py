"""A prepared sound: as loud as asked, below the ceiling, as long as before, and nothing moved; special sounds too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audio_loop.audio.preparing.loudness import integrated_lufs
from audio_loop.audio.preparing.preparation import Settings, prepare
from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.audio.preparing.true_peak import true_peak_dbtp
from audio_loop.audio.reading.song_source import SongArray
from audio_loop.audio.reading.sound_file import SongError

RATES = (8000, 16_000, 22_050, 44_100, 44_101, 48_000, 96_000)


def speech_like(rate, seconds=4.0, channels=2, seed=1):
    """Noise that comes in syllables, with peaks well above its mean."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate)
    syllables = np.interp(np.arange(count) / rate * 5, np.arange(100), random.uniform(0, 1, 100) ** 3)
    return (0.3 * syllables * random.laplace(0, 1, (channels, count))).astype(np.float32)


def prepared(sound, rate, preset="speech", **asked):
    made = prepare(SongArray(sound, rate), Settings(preset, **asked))
    blocks = list(made.blocks())
    assert all(block.dtype == np.float32 for block in blocks)
    return np.concatenate(blocks, axis=1), made


@pytest.mark.parametrize("rate", RATES)
def test_it_is_as_loud_as_asked_and_below_the_ceiling(rate):
    sound = speech_like(rate)
    out, made = prepared(sound, rate)
    assert out.shape == sound.shape
    song = SongArray(out, rate)
    assert integrated_lufs(song) == pytest.approx(-16, abs=0.1)
    assert integrated_lufs(song) == pytest.approx(made.curve.reached_lufs, abs=0.02)
    assert true_peak_dbtp(song) <= -2
    assert made.curve.most_reduction_db > 3, "these peaks needed the limiter"
    assert "The limiter takes at most" in made.notes[-1]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("target", "ceiling"), [(-23, -1), (-14, -3)])
def test_every_preset_reaches_what_is_asked(preset, target, ceiling):
    random = np.random.default_rng(4)
    sound = (0.01 * random.standard_normal((1, 96_000))).astype(np.float32)
    out, _ = prepared(sound, 48_000, preset, target_lufs=target, true_peak_dbtp=ceiling)
    assert integrated_lufs(SongArray(out, 48_000)) == pytest.approx(target, abs=0.1)
    assert true_peak_dbtp(SongArray(out, 48_000)) <= ceiling


@pytest.mark.parametrize("rate", [8000, 48_000])
def test_an_onset_stays_at_its_sample(rate):
    sound = np.zeros((2, rate), np.float32)
    sound[:, rate // 2 :] = speech_like(rate, 0.5)
    out, _ = prepared(sound, rate)
    assert not out[:, : rate // 2].any()
    assert np.abs(out[:, rate // 2]).max() > 0


def test_without_filters_and_peaks_it_is_the_same_sound_times_a_number():
    sound = np.float32(0.05) * np.random.default_rng(2).standard_normal((2, 100_000)).astype(np.float32)
    out, made = prepared(sound, 48_000, "off")
    np.testing.assert_allclose(out, sound * 10 ** (made.curve.gain_db / 20), rtol=1e-5)
    assert made.notes == ()


def test_the_limiter_is_gentle_and_says_where_it_stops():
    """Clicks over a quiet sound: to reach the loudness the clicks would have to be flattened."""
    sound = np.full((1, 5 * 48_000), 1e-3, np.float32) * np.random.default_rng(3).choice([-1, 1], 5 * 48_000)
    sound[0, ::6000] = 1
    out, made = prepared(sound.astype(np.float32), 48_000)
    assert made.curve.reached_lufs < -17
    assert made.notes[0].startswith(f"It stays at {made.curve.reached_lufs:.1f} LUFS: more would take over 6 LU away")
    assert true_peak_dbtp(SongArray(out, 48_000)) <= -2


def test_a_hiss_is_not_raised_for_ever():
    sound = (5e-4 * np.random.default_rng(3).standard_normal((1, 48_000))).astype(np.float32)
    _, made = prepared(sound, 48_000, target_lufs=-14)
    assert made.curve.gain_db == 40
    assert "over 40 dB of gain" in made.notes[0]


SPECIAL = {
    "silence": np.zeros((2, 48_000)),
    "impulse": np.eye(1, 48_000, 24_000),
    "offset": np.ones((1, 48_000)),
    "square": np.where(np.arange(48_000) % 480 < 240, 1.0, -1.0)[None],
    "10 ms": np.full((1, 480), 0.9),
    "one sample": np.ones((1, 1)),
    "dead channel": np.stack([0.1 * np.sin(np.arange(48_000) / 9), np.zeros(48_000)]),
    "32 channels": np.random.default_rng(1).standard_normal((32, 24_000)),
    "far too loud": 1e5 * np.random.default_rng(1).standard_normal((1, 48_000)),
}


@pytest.mark.parametrize("preset", ["speech", "off", "add-room-tone"])
@pytest.mark.parametrize("name", SPECIAL)
def test_special_sounds_stay_finite_below_the_ceiling_and_as_long(name, preset):
    sound = SPECIAL[name].astype(np.float32)
    out, made = prepared(sound, 48_000, preset)
    assert out.shape == sound.shape
    assert np.isfinite(out).all()
    assert true_peak_dbtp(SongArray(out, 48_000)) <= -2
    if name == "silence":
        assert "It is silent" in made.notes[0]
        assert out.any() == (preset == "add-room-tone")
    if name in ("10 ms", "one sample"):
        assert "shorter than 0.4 s" in made.notes[0]
    if name in ("square", "dead channel", "32 channels", "far too loud"):
        reached = integrated_lufs(SongArray(out, 48_000))
        if name == "32 channels" or not made.notes:
            assert reached == pytest.approx(-16, abs=0.1) or made.notes
        if name == "dead channel" and preset != "add-room-tone":
            assert not out[1].any()


def test_room_tone_lies_forty_decibels_below_and_is_the_same_each_time():
    quiet = np.zeros((2, 10 * 48_000), np.float32)
    tone, _ = prepared(quiet, 48_000, "add-room-tone")
    rms = 20 * math.log10(np.sqrt(np.mean(tone.astype(np.float64) ** 2)))
    assert rms == pytest.approx(-16 - 40, abs=0.5)
    np.testing.assert_array_equal(tone, prepared(quiet, 48_000, "add-room-tone")[0])
    assert abs(np.corrcoef(tone)[0, 1]) < 0.1, "each channel has its own"
    power = np.abs(np.fft.rfft(tone[0].reshape(-1, 4800), axis=1)) ** 2
    octaves = [power.mean(axis=0)[low : 2 * low].sum() for low in (10, 20, 40, 80, 160, 320, 640)]
    assert max(octaves) / min(octaves) < 1.6, "pink: as much in each octave"


def test_a_song_that_is_not_read_again_as_before_is_refused():
    song = SongArray(speech_like(48_000), 48_000)
    made = prepare(song, Settings("speech"))
    song._samples = song._samples[:, :50_000]
    with pytest.raises(SongError, match="changed while it was prepared"):
        list(made.blocks())


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (("shouting",), "there is no preset 'shouting'; there are speech, singing, podcast, bass-heavy, add-room-tone, off"),
        (("speech", 3.0), "target loudness is 3 LUFS; it must lie between -40 and -5"),
        (("speech", math.nan), "target loudness is nan"),
        (("speech", -16, 1.0), "true peak is 1 dBTP; it must lie between -20 and 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, why):
    with pytest.raises(SongError, match=why):
        Settings(*settings)


def test_a_rate_below_8_khz_is_refused():
    with pytest.raises(SongError, match="4000 Hz; from 8000 to 384000 Hz"):
        prepared(np.ones((1, 9000), np.float32), 4000)


class Growing(SongArray):
    """A song that is longer each time it is read."""

    def __init__(self, sound, rate, more):
        super().__init__(sound, rate)
        self._sounds = [sound, np.concatenate([sound, more], axis=1)]

    def blocks(self):
        yield from SongArray(self._sounds.pop(0), self.sample_rate).blocks()


def test_a_song_that_grows_while_it_is_prepared_is_refused_and_nothing_more_is_made():
    sound = speech_like(8000)
    made = prepare(Growing(sound, 8000, sound), Settings("off"))
    got = []
    with pytest.raises(SongError, match="changed while it was prepared; prepare it again"):
        got.extend(block.shape[1] for block in made.blocks())
    assert got == []
