"""What a probe of each format's finished file says: index first, colours, pixels, frames, sound and where it starts."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
import torch
from PIL import Image

from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.encode import VideoFileWriter, to_integers
from audio_loop.video.formats import FORMATS, video_format
from audio_loop.video.png_sequence import PngSequenceWriter

FPS = Fraction(24_000, 1001)
RATE = 48_000
FRAMES = 96
SECONDS = FRAMES / FPS
# BT.709 primaries and matrix, the sRGB curve (IEC 61966-2-1), limited range: ITU-T H.273.
COLOURS = {"primaries": 1, "curve": 13, "matrix": 1, "range": 1}
FACTS = {
    "h264-mp4": {"video": ("h264", "yuv420p"), "audio": ("aac", "fltp")},
    "vp9-webm": {"video": ("vp9", "yuv420p"), "audio": ("opus", "fltp")},
    "prores-mov": {"video": ("prores", "yuv422p10le"), "audio": ("pcm_s24le", "s32")},
}
KBPS = {"h264-mp4": 320, "vp9-webm": 256, "prores-mov": RATE * 2 * 24 // 1000}
CLUSTER, CUES = bytes.fromhex("1f43b675"), bytes.fromhex("1c53bb6b")


def noise(seconds=10, quiet_half=False):
    """White noise, which no codec makes small; `quiet_half` silences the first half of every second."""
    loud = (torch.arange(seconds * RATE) / RATE) % 1 >= (0.5 if quiet_half else 0.0)
    samples = torch.rand(1, 2, seconds * RATE, generator=torch.Generator().manual_seed(1)) - 0.5
    return {"waveform": samples * loud, "sample_rate": RATE}


def colours(width=64, height=32):
    """Red, green, blue and grey stripes."""
    stripes = torch.tensor([[0.8, 0.1, 0.1], [0.1, 0.7, 0.1], [0.1, 0.1, 0.9], [0.5, 0.5, 0.5]])
    return stripes.repeat_interleave(width // 4, 0).expand(FRAMES, height, width, 3)


def write(path, name, audio_kbps=None, sound=None):
    kind = video_format(name)
    make = VideoFileWriter if kind.container else PngSequenceWriter
    content = VideoContent(FPS, FRAMES, sound or noise(quiet_half=True), {"workflow": {"nodes": []}})
    writer = make(path, (64, 32), content, encoding(name, audio_kbps=audio_kbps))
    writer.write(to_integers(colours(), kind.bits))
    return writer.finish()


@pytest.fixture(scope="module", params=FACTS)
def file(request, tmp_path_factory):
    """Name of a format, and a file of it."""
    path = tmp_path_factory.mktemp("facts") / f"video{FORMATS[request.param].extension}"
    return request.param, write(path, request.param)


def test_the_index_comes_first(file):
    name, path = file
    data = path.read_bytes()
    if name == "vp9-webm":
        assert 0 < data.index(CUES) < data.index(CLUSTER)
        return
    assert data[4:8] == b"ftyp"
    first = int.from_bytes(data[:4], "big")
    assert data[first + 4 : first + 8] == b"moov"
    assert data.count(b"moov") == 2, "the index, and the one inside the media data with which the unfinished file began"


def test_video_and_sound_are_what_the_format_says(file):
    name, path = file
    with av.open(str(path)) as container:
        (video,), (audio,) = container.streams.video, container.streams.audio
        context = video.codec_context
        assert (context.name, context.pix_fmt) == FACTS[name]["video"]
        assert (audio.codec_context.name, audio.codec_context.format.name) == FACTS[name]["audio"]
        assert (audio.rate, audio.codec_context.channels) == (RATE, 2)
        assert abs(video.average_rate - FPS) < Fraction(1, 1000)
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert dict(zip(COLOURS, tags, strict=True)) == COLOURS
        assert abs(container.duration / av.time_base - SECONDS) < 0.05
        assert sum(1 for _ in container.decode(video=0)) == FRAMES


def test_pictures_and_sound_start_together(file):
    _, path = file
    with av.open(str(path)) as container:
        first = {}
        for packet in container.demux():
            if packet.pts is not None:
                first.setdefault(packet.stream.type, packet.pts * packet.time_base)
        for stream in container.streams:
            assert abs((stream.start_time or 0) * stream.time_base) <= Fraction(1, 100), stream.type
    assert abs(first["video"]) <= Fraction(1, 100)
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        mono, at = [], None
        for frame in container.decode(audio=0):
            at = frame.pts * frame.time_base if at is None else at
            mono += [out.to_ndarray()[0] for out in resampler.resample(frame)]
    begin = float(at) * RATE + int(np.argmax(np.abs(np.concatenate(mono)) > 0.1))
    assert abs(begin - 0.5 * RATE) < 0.003 * RATE


def test_colours_are_those_of_the_frames(file):
    _, path = file
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).reformat(format="rgb24", src_colorspace=1).to_ndarray()
    wanted = to_integers(colours()[:1], 8)[0]
    for stripe in range(4):
        column = stripe * 16 + 8
        assert np.abs(frame[16, column].astype(int) - wanted[16, column].astype(int)).max() <= 4


def bits_of_sound(path):
    with av.open(str(path)) as container:
        return 8 * sum(packet.size for packet in container.demux(audio=0))


@pytest.mark.parametrize(("name", "kbps"), [*KBPS.items(), ("h264-mp4", 96), ("h264-mp4", 160), ("vp9-webm", 96)])
def test_the_sound_has_the_bit_rate_that_is_said(tmp_path, name, kbps):
    path = write(tmp_path / f"a{FORMATS[name].extension}", name, None if kbps == KBPS[name] else kbps, noise())
    assert 0.8 < bits_of_sound(path) / float(SECONDS) / (kbps * 1000) < 1.15


def level_db(samples, hz):
    """Mean level in a band of a tenth around a frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    band = (frequencies > hz * 0.95) & (frequencies < hz * 1.05)
    return 10 * np.log10(spectrum[band].mean())


@pytest.mark.parametrize("name", FACTS)
def test_the_treble_of_the_song_is_kept(tmp_path, name):
    song = noise()
    path = write(tmp_path / f"a{FORMATS[name].extension}", name, None, song)
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    heard = np.concatenate([frame.to_ndarray()[0] for frame in frames])[RATE : 3 * RATE]
    for hz in (1000, 10_000, 17_000):
        assert abs(level_db(heard, hz) - level_db(song["waveform"][0, 0, RATE : 3 * RATE].numpy(), hz)) < 1


def test_sound_in_a_mov_is_the_song_to_its_24_bits(tmp_path):
    path = write(tmp_path / "a.mov", "prores-mov")
    with av.open(str(path)) as container:
        pieces = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    samples = np.concatenate(pieces) / 2**31
    song = noise(quiet_half=True)["waveform"][0].T.numpy()[: len(samples)]
    assert np.abs(samples - song).max() <= 2**-23


def test_pictures_have_sixteen_bits_the_sound_and_the_graph(tmp_path):
    path = write(tmp_path / "pictures", "png-16bit")
    pictures = sorted(path.glob("*.png"))
    assert [picture.name for picture in pictures] == [f"frame_{index:06}.png" for index in range(FRAMES)]
    head = pictures[0].read_bytes()[:33]
    assert (head[24], head[25]) == (16, 2), "sixteen bits of RGB"
    assert Image.open(pictures[0]).size == (64, 32)
    assert Image.open(pictures[0]).info["workflow"] == '{"nodes": []}'
    with av.open(str(path / "audio.wav")) as container:
        (sound,) = container.streams.audio
        assert (sound.codec_context.name, sound.rate, sound.codec_context.channels) == ("pcm_s24le", RATE, 2)
        assert abs(sound.duration * sound.time_base - SECONDS) < Fraction(1, 1000)
