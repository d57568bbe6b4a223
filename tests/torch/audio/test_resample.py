"""Another sample rate: the same samples whichever resampler is there, and bounded memory at every rate."""

from __future__ import annotations

import math
import subprocess
import sys
import types
from pathlib import Path

import pytest
import torch
import torchaudio

from audio_loop.audio import resample as module
from audio_loop.audio.prepare import pad_to_plan
from audio_loop.audio.resample import library_resampler, resample, resample_in_pieces
from audio_loop.loop_control.audio_facts import ENCODE_HZ, resampled_length
from audio_loop.loop_control.plan import PlanError, make_plan

from ...peak_memory import PEAK_MEGABYTES

RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44000, 48000, 50000, 88200, 96000, 176400, 192000]


def noise(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def reduced(rate):
    divisor = math.gcd(rate, ENCODE_HZ)
    return rate // divisor, ENCODE_HZ // divisor


@pytest.mark.parametrize("rate", RATES)
def test_the_pack_s_own_resampler_gives_what_torchaudio_gives(rate):
    waveform = noise(2, 2, rate // 2 + 7, seed=rate)
    own = resample_in_pieces(waveform, *reduced(rate))
    expected = torchaudio.functional.resample(waveform, rate, ENCODE_HZ)
    assert own.shape == expected.shape
    assert (own - expected).abs().max() < 1e-4
    # What is left is torchaudio's: in floats its moments are not exact.
    assert (own - torchaudio.functional.resample(waveform.double(), rate, ENCODE_HZ)).abs().max() < 2e-6


@pytest.mark.parametrize("samples", [1, 2, 14, 15, 16, 1000])
def test_short_songs(samples):
    waveform = noise(1, 1, samples, seed=samples)
    for rate in (8000, 48000, 192000):
        expected = torchaudio.functional.resample(waveform, rate, ENCODE_HZ)
        assert (resample_in_pieces(waveform, *reduced(rate)) - expected).abs().max() < 1e-4


def test_pieces_meet_without_a_seam(monkeypatch):
    waveform = noise(1, 2, 100_000, seed=1)
    whole = resample_in_pieces(waveform, 44101, 44100)
    monkeypatch.setattr(module, "PIECE_SAMPLES", 1)
    assert torch.allclose(resample_in_pieces(waveform, 44101, 44100), whole, atol=1e-6)


@pytest.mark.parametrize("rate", [44101, 44099, 7999, 6007, 192001, 47999, 1_000_003])
def test_a_sine_keeps_its_moment_and_height_at_rates_that_share_no_divisor(rate):
    moments = torch.arange(rate // 5, dtype=torch.float64) / rate
    made = resample(torch.sin(2 * math.pi * 440 * moments).float().reshape(1, 1, -1), rate, ENCODE_HZ)[0, 0]
    assert made.shape[0] == resampled_length(rate // 5, rate, ENCODE_HZ)
    expected = torch.sin(2 * math.pi * 440 * torch.arange(made.shape[0], dtype=torch.float64) / ENCODE_HZ).float()
    inside = slice(200, made.shape[0] - 200)
    assert torch.allclose(made[inside], expected[inside], atol=3e-3)


def test_a_rate_that_no_converter_has_is_refused():
    with pytest.raises(PlanError, match="1536001 samples per second; up to 1536000"):
        resample(torch.zeros(1, 1, 100), 1_536_001, ENCODE_HZ)


@pytest.fixture
def nothing_there(monkeypatch):
    """ComfyUI has no resampler of its own, and torchaudio cannot be imported."""
    monkeypatch.setitem(sys.modules, "comfy.audio", None)
    monkeypatch.setitem(sys.modules, "torchaudio", None)
    monkeypatch.setitem(sys.modules, "torchaudio.functional", None)


def test_comfyui_s_own_comes_first_then_torchaudio(monkeypatch, nothing_there):
    assert library_resampler() is None
    monkeypatch.setitem(sys.modules, "torchaudio.functional", types.SimpleNamespace(resample="torchaudio's"))
    monkeypatch.setitem(sys.modules, "torchaudio", types.SimpleNamespace())
    assert library_resampler() == "torchaudio's"
    monkeypatch.setitem(sys.modules, "comfy", types.SimpleNamespace(__path__=[]))
    monkeypatch.setitem(sys.modules, "comfy.audio", types.SimpleNamespace(resample="ComfyUI's"))
    assert library_resampler() == "ComfyUI's"


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_a_song_is_prepared_the_same_without_torchaudio(rate, nothing_there):
    waveform = noise(1, 2, 2 * rate, seed=3)
    plan = make_plan(audio_samples=2 * rate, sample_rate=rate, window_seconds=1.96, overlap_seconds=0.36, fps=25)
    prepared, _ = pad_to_plan(waveform, rate, plan)
    expected = torchaudio.functional.resample(waveform, rate, ENCODE_HZ)
    assert (prepared[..., : expected.shape[-1]] - expected).abs().max() < 1e-4


def test_a_library_is_not_asked_for_a_table_that_fills_the_memory(monkeypatch):
    def refuse(*_):
        raise AssertionError("the library was asked")

    monkeypatch.setattr(module, "library_resampler", lambda: refuse)
    resample(torch.zeros(1, 1, 100), 44101, ENCODE_HZ)
    with pytest.raises(AssertionError, match="the library was asked"):
        resample(torch.zeros(1, 1, 100), 48000, ENCODE_HZ)


@pytest.mark.parametrize("rate", [44101, 7999])
def test_two_minutes_at_an_odd_rate_take_little_more_than_the_song(rate):
    """In a process of its own; torchaudio takes 15 GB for one of these rates and 5.7 GB for the other."""
    code = (
        f"{PEAK_MEGABYTES}\n"
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).resolve().parents[3] / 'scripts')!r})\n"
        "import _bootstrap, torch\n"
        "from audio_loop.audio.resample import resample\n"
        f"song = torch.zeros(1, 2, 120 * {rate})\n"
        f"resample(song[..., :100], {rate}, 44100)\n"
        "before = peak_megabytes()\n"
        f"made = resample(song, {rate}, 44100)\n"
        "after = peak_megabytes()\n"
        "print(int((after - before) * 2**20) - made.numel() * 4)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 60e6
