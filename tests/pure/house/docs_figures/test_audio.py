"""Filters, limits and the thresholds of verdicts on docs/audio.md are those of the code."""

from __future__ import annotations

import pytest

from audio_loop.audio.analysis.framing import HOP_SAMPLES, LISTENING_HZ, WINDOW_SAMPLES
from audio_loop.audio.preparing import limiter, loudness, preparation, true_peak, wav_file
from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.audio.reading.song_source import LOUDEST
from audio_loop.audio.sound_report import clipping, measure, noise_floor, spectrum
from audio_loop.audio.sound_report.bands import BODY, BOOM, PRESENCE, SIBILANCE, VOWELS
from audio_loop.audio.sound_report.sound_report import decibels
from audio_loop.audio.sound_report.verdicts import (
    boomy,
    cancelling,
    dead_channel,
    dull,
    hot,
    lifeless,
    noisy,
    offset,
    quiet,
    silent_ends,
)

from .phrases import check, told, word

_HIGH_PASS, _BODY_LOW, _BODY_HIGH, _PRESENCE, _SIBILANCE = PRESETS["speech"].chain
SETTINGS = preparation.Settings("speech")
SMOOTHED_SAMPLES = (noise_floor._SMOOTHED_FRAMES - 1) * spectrum.HOP_SAMPLES + WINDOW_SAMPLES
CONSONANTS_KHZ = SIBILANCE.low_hz / 1000, SIBILANCE.high_hz / 1000

PREPARING = [
    (
        "an encoder of {:g} kHz, in windows of {:g} ms, {} milliseconds apart",
        LISTENING_HZ / 1000,
        1000 * WINDOW_SAMPLES / LISTENING_HZ,
        word(1000 * HOP_SAMPLES / LISTENING_HZ),
    ),
    (
        "sharp consonants, {:g} to {:g} kHz, lie more than about {:g} dB below the loudest",
        *CONSONANTS_KHZ,
        dull.MOST_GAP_DB,
    ),
    ("a WAV file of {} bits", 8 * wav_file._BYTES),
    ("| `--preset NAME` | {} |", SETTINGS.preset),
    ("| `--target-lufs L` | {:g} |", SETTINGS.target_lufs),
    ("| `--true-peak P` | {:g} | highest true peak in dBTP, {} times", SETTINGS.true_peak_dbtp, word(true_peak.OVERSAMPLING)),
    ("room tone {:g} dB below the loudness |", -PRESETS["add-room-tone"].room_tone_db),
    (
        "(`speech`: {:g} Hz Q {:g}, {:g} Hz Q {:g}, {:g} kHz Q {:g}, {:g} kHz Q {:g})",
        *(_BODY_LOW.hz, _BODY_LOW.q, _BODY_HIGH.hz, _BODY_HIGH.q),
        *(_PRESENCE.hz / 1000, _PRESENCE.q, _SIBILANCE.hz / 1000, _SIBILANCE.q),
    ),
    ("sample rates) at {:g} to {:g} kHz.", preparation.LOWEST_HZ / 1000, preparation.HIGHEST_HZ / 1000),
    ("the standard's own at {:g} kHz", loudness._STANDARD_HZ / 1000),
    ("peak and energy of every {:g} ms;", 1000 / loudness.CELLS_PER_SECOND),
    ("within some {:g} ms after it", 1000 * limiter.RELEASE_SECONDS),
    ("may take at most {:g} LU away, and gain is at most {:g} dB.", limiter.MOST_LOST_LU, limiter.MOST_GAIN_DB),
    ("Less than {:g} ms has no loudness", 1000 * loudness.SHORTEST_SECONDS),
]

VERDICTS = [
    ("is NaN, infinite or beyond {} |", f"{LOUDEST:.0e}".replace("+0", "")),
    ("no peak reaches {:g} dB |", decibels(measure.SILENT_PEAK**2)),
    ("it loses more than {:g} dB |", cancelling.LOSS_DB),
    ("lies more than {:g} dB below the other |", dead_channel.SPREAD_DB),
    ("in more than {:g} % of the samples |", 100 * clipping._LOWEST_SHARE),
    ("lies less than {:g} dB below everything else |", noisy.LEAST_SNR_DB),
    (
        "| {} to {} Hz is more than {:g} dB denser than {} to {} Hz |",
        *(BOOM.low_hz, BOOM.high_hz, boomy.MOST_BOOM_DB, BODY.low_hz, VOWELS.high_hz),
    ),
    (
        "| {:g} to {:g} kHz lies more than {:g} dB below the loudest band between {} Hz and {:g} kHz, or nothing is left above "
        "a frequency below {:g} kHz |",
        *CONSONANTS_KHZ,
        dull.MOST_GAP_DB,
        BODY.low_hz,
        PRESENCE.high_hz / 1000,
        dull.LOWEST_LIMIT_HZ / 1000,
    ),
    ("the loudness is below {:g} LUFS |", quiet.LEAST_LUFS),
    (
        "the mean is beyond {:g}; the true peak is above {:g} dBTP; more than {:g} s of silence at an end; more than {:g} % "
        "digital silence",
        *(offset.MOST_OFFSET, hot.MOST_DBTP, silent_ends.MOST_SECONDS, 100 * lifeless.MOST_HUSHED),
    ),
    ("The {:g} dB are one of levels", dull.MOST_GAP_DB),
    ("boomy, {} to {} Hz does not count", BODY.low_hz, BODY.high_hz),
    ("In each half kilohertz from {} Hz on", noise_floor._FIRST_BIN * LISTENING_HZ // WINDOW_SAMPLES),
    ("In each {} kilohertz", {500: "half"}[noise_floor._BAND_BINS * LISTENING_HZ // WINDOW_SAMPLES]),
    ("smoothed over {:g} s. If", SMOOTHED_SAMPLES / LISTENING_HZ),
    (
        "If the {}th and the {}th percentile of that lie within {:g} dB in",
        *(noise_floor._EDGE_PERCENTILES[0], noise_floor._EDGE_PERCENTILES[2], noise_floor._STEEP_DB),
    ),
]

FIGURES = told("docs/audio.md", PREPARING + VERDICTS)


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_page_are_those_of_the_code(figure):
    check(figure)
