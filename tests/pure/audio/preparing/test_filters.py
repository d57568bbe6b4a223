"""The filters hold the response of their analog definition at every sample rate, and delay nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import sosfilt, sosfreqz

from audio_loop.audio.preparing.before_after import chain_text
from audio_loop.audio.preparing.filters import Bell, HighPass, analog_response, sections
from audio_loop.audio.preparing.presets import PRESETS

REPOSITORY = Path(__file__).resolve().parents[4]
RATES = (8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000, 384_000)
MOST_OFF_DB = 0.05
LOWEST_HZ, HIGHEST_HZ, PART_OF_RATE = 20, 12_000, 0.45
ISSUE = (HighPass(80), Bell(200, 1, -3), Bell(400, 1.2, -2), Bell(3000, 1, 4), Bell(6500, 0.7, 3))


def decibels(response):
    return 20 * np.log10(np.abs(response))


def test_the_definition_is_that_of_the_analog_filters():
    """Values by hand: the middle of each bell, and a Butterworth's -3.01 dB and 12 dB an octave."""
    for bell in ISSUE[1:]:
        assert decibels(analog_response((bell,), np.array([bell.hz])))[0] == pytest.approx(bell.gain_db, abs=1e-9)
        edges = bell.hz * (np.sqrt(1 + 1 / (4 * bell.q**2)) + np.array([-1, 1]) / (2 * bell.q))
        np.testing.assert_allclose(decibels(analog_response((bell,), edges)), bell.gain_db / 2, atol=1e-9)
    found = decibels(analog_response((HighPass(80),), np.array([80.0, 8.0, 8000.0])))
    np.testing.assert_allclose(found, [-3.0103, -40.0004, 0], atol=1e-3)


@pytest.mark.parametrize("rate", RATES)
def test_every_preset_holds_its_definition_as_closely_as_the_page_says(rate):
    hz = np.geomspace(LOWEST_HZ, min(HIGHEST_HZ, PART_OF_RATE * rate), 1500)
    for name, preset in PRESETS.items():
        if not preset.chain:
            assert name == "off"
            continue
        made = sosfreqz(sections(preset.chain, rate), hz, fs=rate)[1]
        worst = np.abs(decibels(made) - decibels(analog_response(preset.chain, hz))).max()
        assert worst < MOST_OFF_DB, f"{name} at {rate} Hz is {worst:.3f} dB off"


def test_the_preset_for_speech_is_the_chain_that_is_documented():
    assert PRESETS["speech"].chain == ISSUE == PRESETS["add-room-tone"].chain


@pytest.mark.parametrize("rate", RATES)
def test_nothing_is_delayed_or_heard_early_and_an_offset_is_gone(rate):
    made = sections(ISSUE, rate)
    poles = np.concatenate([np.roots(each[3:]) for each in made])
    zeros = np.concatenate([np.roots(np.trim_zeros(each[:3], "f")) for each in made])
    assert np.abs(poles).max() < 1
    assert np.abs(zeros).max() < 1 + 1e-6, "a zero outside the unit circle is a delay"
    impulse = np.zeros(rate)
    impulse[100] = 1
    heard = sosfilt(made, impulse)
    assert not heard[:100].any()
    assert np.abs(heard).argmax() == 100
    assert abs(sosfilt(made, np.ones(2 * rate))[-1]) < 1e-6


def test_the_page_about_audio_has_every_preset_as_it_is():
    page = (REPOSITORY / "docs" / "audio.md").read_text("utf-8")
    for name, preset in PRESETS.items():
        assert f"| {name} | {preset.about} | {chain_text(preset)} |" in page


def test_the_page_about_audio_says_how_closely():
    page = " ".join((REPOSITORY / "docs" / "audio.md").read_text("utf-8").split())
    where = f"from {LOWEST_HZ} Hz to {HIGHEST_HZ // 1000} kHz ({PART_OF_RATE} of lower sample rates)"
    rates = f"at {RATES[0] / 1000:g} to {RATES[-1] / 1000:g} kHz."
    assert f"within {MOST_OFF_DB} dB of the definition {where} {rates}" in page
