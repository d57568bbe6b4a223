"""FFmpeg's own meter beside ours, on prepared sounds: the same loudness, and no true peak above the ceiling."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from audio_loop.audio.preparing.loudness import integrated_lufs
from audio_loop.audio.preparing.preparation import Settings, prepare
from audio_loop.audio.preparing.true_peak import true_peak_dbtp
from audio_loop.audio.reading.song_source import SongArray


def by_ffmpeg(sound, rate):
    """(LUFS, dBTP) that its filter ebur128 says last."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="fltp", sample_rate=rate, layout="stereo", time_base=Fraction(1, rate))
    meter, sink = graph.add("ebur128", "peak=true:metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    said = {}
    for begin in range(0, sound.shape[1], 4800):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[:, begin : begin + 4800]), "fltp", "stereo")
        frame.sample_rate, frame.pts = rate, begin
        graph.push(frame)
        while True:
            try:
                said = graph.pull().metadata or said
            except (av.error.BlockingIOError, av.error.EOFError):
                break
    return float(said["lavfi.r128.I"]), 20 * np.log10(float(said["lavfi.r128.true_peak"]))


@pytest.mark.parametrize(("rate", "preset"), [(22_050, "bass-heavy"), (44_100, "speech"), (48_000, "singing")])
def test_ffmpeg_measures_the_same(rate, preset):
    random = np.random.default_rng(rate)
    swell = np.abs(np.sin(np.arange(6 * rate) / rate * 4)) + 0.05
    sound = (0.2 * swell * random.laplace(size=(2, 6 * rate))).astype(np.float32)
    made = np.concatenate(list(prepare(SongArray(sound, rate), Settings(preset)).blocks()), axis=1)
    lufs, dbtp = by_ffmpeg(made, rate)
    assert lufs == pytest.approx(integrated_lufs(SongArray(made, rate)), abs=0.1)
    assert lufs == pytest.approx(-16, abs=0.1)
    assert dbtp == pytest.approx(true_peak_dbtp(SongArray(made, rate)), abs=0.2)
    assert dbtp <= -2
