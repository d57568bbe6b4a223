"""The song's own packets in the video: only if they are proved to give the sound on the wire, sample by sample."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
import torch

from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.encode import VideoFileWriter, to_integers
from audio_loop.video.formats import FORMATS, video_format
from audio_loop.video.partial_file import partial_path
from audio_loop.video.source_sound import SourceSound, proven_source

FPS = Fraction(25)
SONGS = {  # file: encoder, rate, format that can hold it
    "song.mp3": ("libmp3lame", 44_100, "h264-mp4"),
    "song.m4a": ("aac", 44_100, "h264-mp4"),
    "clip.mp4": ("aac", 48_000, "h264-mp4"),
    "song.opus": ("libopus", 48_000, "vp9-webm"),
    "clip.webm": ("libopus", 48_000, "vp9-webm"),
}


def write_song(path, codec, rate, seconds=8):
    generator = np.random.default_rng(1)
    tone = np.sin(2 * np.pi * 440 * np.arange(rate * seconds) / rate) * 0.3
    samples = (tone + generator.normal(size=(2, rate * seconds)) * 0.05).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        stream.bit_rate = 192_000
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for out in av.AudioResampler(format=stream.codec_context.format.name, layout="stereo", rate=rate).resample(frame):
            container.mux(stream.encode(out))
        container.mux(stream.encode(None))
    return path


def loaded(path):
    """The AUDIO of ComfyUI's LoadAudio."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        pieces = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return {"waveform": torch.from_numpy(np.concatenate(pieces, axis=1))[None], "sample_rate": rate}


@pytest.fixture(params=SONGS)
def song(request, tmp_path):
    codec, rate, name = SONGS[request.param]
    path = write_song(tmp_path / request.param, codec, rate)
    return path, loaded(path), name


def save(folder, name, audio, source, frames=150):
    path = folder / f"video{FORMATS[name].extension}"
    writer = VideoFileWriter(path, (64, 32), VideoContent(FPS, frames, audio), encoding(name), source)
    writer.write(to_integers(torch.rand(frames, 32, 64, 3), 8))
    return writer


def packets_of(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_the_songs_own_packets_are_in_the_video_in_step_to_the_sample(song, tmp_path):
    path, audio, name = song
    cut = {**audio, "waveform": audio["waveform"][..., : 7 * audio["sample_rate"]]}
    source = proven_source([path], cut, video_format(name))
    video = save(tmp_path, name, cut, source).finish()
    copied, own = packets_of(video), packets_of(path)
    assert copied == own[: len(copied)]
    heard = loaded(video)["waveform"]
    assert abs(heard.shape[-1] / audio["sample_rate"] - 6) < 0.1
    same = 5 * audio["sample_rate"]
    assert torch.equal(heard[..., :same], audio["waveform"][..., :same])
    with av.open(str(video)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 150


def test_an_abandoned_video_has_the_copied_sound_as_far_as_it_goes(song, tmp_path):
    path, audio, name = song
    writer = save(tmp_path, name, audio, proven_source([path], audio, video_format(name)))
    assert writer.abandon() == partial_path(writer.path)
    assert abs(loaded(writer.partial)["waveform"].shape[-1] / audio["sample_rate"] - 6) < 0.1


def test_sound_that_is_not_the_files_is_not_copied(song, tmp_path):
    path, audio, name = song
    kind = video_format(name)
    waveform, rate = audio["waveform"], audio["sample_rate"]
    louder, moved, one_off = waveform * 1.001, waveform[..., rate:], waveform.clone()
    one_off[0, 0, 5 * rate] += 1e-4
    longer = torch.cat((waveform, torch.zeros(1, 2, 10)), dim=-1)
    for other in (louder, moved, one_off, longer, waveform[:, :1], waveform.repeat(2, 1, 1)):
        assert proven_source([path], {"waveform": other, "sample_rate": rate}, kind) is None
    assert proven_source([path], {"waveform": waveform, "sample_rate": rate + 1}, kind) is None
    assert proven_source([tmp_path / "gone.mp3"], audio, kind) is None
    (tmp_path / "text.mp3").write_text("no sound")
    assert proven_source([tmp_path / "text.mp3", path], audio, kind) is not None
    assert proven_source([path], audio, video_format("vp9-webm" if name == "h264-mp4" else "h264-mp4")) is None


def test_a_file_without_headers_that_the_container_needs_is_encoded(tmp_path):
    path = write_song(tmp_path / "raw.aac", "aac", 44_100)
    assert proven_source([path], loaded(path), video_format("h264-mp4")) is None


def test_a_video_without_sound_and_a_song_too_large_for_memory_are_no_source(tmp_path, monkeypatch):
    path = write_song(tmp_path / "song.mp3", "libmp3lame", 44_100)
    audio, kind = loaded(path), video_format("h264-mp4")
    silent = save(tmp_path, "h264-mp4", None, None, frames=5).finish()
    with pytest.raises(ValueError, match=r"video\.mp4 holds no sound"):
        SourceSound(silent)
    assert proven_source([silent], audio, kind) is None
    assert proven_source([silent, path], audio, kind).path == path
    monkeypatch.setattr("audio_loop.video.source_sound._MOST_BYTES", 100_000)
    with pytest.raises(ValueError, match=r"song\.mp3 is too large to be held"):
        SourceSound(path)
    assert proven_source([path], audio, kind) is None
