"""A vocal stem drives the mouth, and the video keeps the song."""

from __future__ import annotations

import numpy as np
import pytest

from ..shipped import painted, shipped, video_of, video_samples, write_picture, write_song

SONG_HZ, STEM_HZ = 220.0, 700.0


def loudest_hz(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def test_the_latents_are_those_of_the_stem_and_the_sound_is_that_of_the_song(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "driven_song.wav", 1.2, hz=SONG_HZ))
    stem = comfy.add_input(write_song(tmp_path / "driven_stem.wav", 1.25, 22_050, hz=STEM_HZ))
    prompt = painted(shipped(song, comfy.add_input(write_picture(tmp_path / "driven.png"))))
    undriven = {"class_type": "AudioLoopEncodeSong", "inputs": dict(prompt["2009"]["inputs"])}
    prompt["stem"] = {"class_type": "LoadAudio", "inputs": {"audio": stem}}
    prompt["2009"]["inputs"]["driving_audio"] = ["stem", 0]
    prompt["undriven"] = undriven
    for name, source in {"driven": ["2009", 0], "undriven": ["undriven", 0], "report": ["2009", 1]}.items():
        prompt[f"show_{name}"] = {"class_type": "PreviewAny", "inputs": {"source": source}}
    result = comfy.run(prompt, timeout=300)
    shown = {name: result.outputs[f"show_{name}"]["text"][0] for name in ("driven", "undriven", "report")}
    assert shown["driven"] != shown["undriven"]
    assert "driven by driving_audio, which is 50 ms longer and is cut at its end" in shown["report"]
    heard = video_samples(video_of(comfy, result))
    assert heard.shape[1] == pytest.approx(1.2 * 44_100, abs=2048)
    assert loudest_hz(heard[0], 44_100) == pytest.approx(SONG_HZ, abs=3)
