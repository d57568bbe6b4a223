"""What lands on disk: frame counts, colours, audio in step, metadata, partial files, full disks."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.encode import VideoFileWriter, to_integers
from audio_loop.video.errors import VideoError
from audio_loop.video.formats import FORMATS, video_format
from audio_loop.video.mp4_index import IndexedFile
from audio_loop.video.partial_file import PartialFile, free_path, partial_path, publish
from audio_loop.video.png_sequence import PngSequenceWriter

REPOSITORY = Path(__file__).resolve().parents[3]
FPS = Fraction(25)
RATE = 44_100
CONTAINERS = [name for name, kind in FORMATS.items() if kind.container]


def clicks(seconds, channels=2, rate=RATE):
    """A short tone at the start of every second: where it begins tells whether the audio is in step."""
    t = torch.arange(int(seconds * rate)) / rate
    tone = torch.sin(2 * torch.pi * 1000 * t) * ((t % 1) < 0.1)
    return {"waveform": tone.expand(1, channels, -1), "sample_rate": rate}


def ramp(frames, width=64, height=32):
    """Grey frames, each a little brighter than the one before, so that order and count can be read back."""
    level = torch.linspace(0.1, 0.9, frames).reshape(-1, 1, 1, 1)
    return level.expand(frames, height, width, 3)


def write(path, name, span, audio=None, metadata=None, crf=None, frames=None):
    kind = video_format(name)
    make = VideoFileWriter if kind.container else PngSequenceWriter
    frames = frames or span.shape[0]
    size = (span.shape[2], span.shape[1])
    writer = make(path, size, VideoContent(FPS, frames, audio, metadata), encoding(name, crf))
    writer.write(to_integers(span, kind.bits))
    return writer


def read_levels(path):
    with av.open(str(path)) as container:
        return [float(frame.to_ndarray(format="gray").mean()) / 255 for frame in container.decode(video=0)]


def read_levels_of_a_torn_file(path):
    """As players read it: up to the packet that was cut in two."""
    levels = []
    with av.open(str(path)) as container, suppress(av.error.InvalidDataError):
        for frame in container.decode(video=0):
            levels.append(float(frame.to_ndarray(format="gray").mean()) / 255)
    return levels


def read_audio(path):
    """Mono samples in -1..1 and their rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=stream.rate)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames]), stream.rate


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_file_has_every_frame_in_order_and_the_audio_in_step(tmp_path, name):
    span = ramp(90)
    path = tmp_path / f"video{FORMATS[name].extension}"
    assert write(path, name, span, clicks(10)).finish() == path
    levels = read_levels(path)
    assert len(levels) == 90
    assert levels == sorted(levels)
    assert np.abs(np.array(levels) - span[:, 0, 0, 0].numpy()).max() < 0.05
    samples, rate = read_audio(path)
    assert 3.6 - 0.001 <= len(samples) / rate < 3.6 + 0.1, "cut where the pictures end, up to one packet of the codec"
    loud = np.abs(samples) > 0.3
    for second in (0, 1, 2, 3):
        begin = max(0, second * rate - rate // 20)
        first = begin + int(np.argmax(loud[begin : second * rate + rate // 5]))
        assert abs(first - second * rate) < 0.002 * rate
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.average_rate == FPS
        assert (video.codec_context.width, video.codec_context.height) == (64, 32)
        assert video.codec_context.color_trc == 13, "the sRGB curve, as SaveVideo tags it"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["h264-mp4", "prores-mov"])
def test_a_finished_quicktime_file_is_an_ordinary_one(tmp_path, name):
    path = tmp_path / f"video{FORMATS[name].extension}"
    write(path, name, ramp(120), clicks(10)).finish()
    data = path.read_bytes()
    boxes, offset = [], 0
    while offset < len(data):
        size = int.from_bytes(data[offset : offset + 4], "big")
        if size == 1:
            size = int.from_bytes(data[offset + 8 : offset + 16], "big")
        boxes.append(data[offset + 4 : offset + 8].decode())
        offset += size
    assert "moof" not in boxes
    assert boxes[:2] == ["ftyp", "moov"], "the canvas reads the first 64 MiB, and players need the index first"
    assert boxes[-1] == "mdat"


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(2997, 125), Fraction(25), Fraction(30), Fraction(60)])
def test_fractional_rates_keep_their_length(tmp_path, fps):
    writer = VideoFileWriter(tmp_path / "a.mp4", (64, 32), VideoContent(fps, 200), encoding())
    writer.write(to_integers(ramp(200), 8))
    with av.open(str(writer.finish())) as container:
        stream = container.streams.video[0]
        assert stream.frames == 200
        assert abs(stream.duration * stream.time_base - 200 / fps) < Fraction(1, 1000)


@pytest.mark.parametrize("name", FORMATS)
def test_the_graph_is_in_the_file(tmp_path, name):
    metadata = {"prompt": {"1": {"class_type": "Größe"}}, "workflow": {"nodes": [1, 2]}}
    path = tmp_path / f"video{FORMATS[name].extension}"
    write(path, name, ramp(3), metadata=metadata).finish()
    if FORMATS[name].container:
        with av.open(str(path)) as container:
            found = {key.lower(): value for key, value in container.metadata.items()}
    else:
        found = Image.open(path / "frame_000000.png").info
        assert "prompt" not in Image.open(path / "frame_000001.png").info
    assert {key: json.loads(found[key]) for key in metadata} == metadata


def test_pictures_keep_sixteen_bits_and_have_the_audio_beside_them(tmp_path):
    span = torch.rand(4, 32, 64, 3, generator=torch.Generator().manual_seed(1))
    path = write(tmp_path / "pictures", "png-16bit", span, clicks(1)).finish()
    assert sorted(p.name for p in path.iterdir()) == ["audio.wav", *(f"frame_{i:06}.png" for i in range(4))]
    for index in range(4):
        with av.open(str(path / f"frame_{index:06}.png")) as container:
            frame = next(container.decode(video=0))
        assert frame.format.name == "rgb48be"
        read = frame.to_ndarray(format="rgb48le").astype(np.float64) / 65535
        assert np.abs(read - span[index].numpy()).max() <= 0.5 / 65535 + 1e-7
    samples, rate = read_audio(path / "audio.wav")
    assert len(samples) == round(0.16 * rate)


@pytest.mark.parametrize(("channels", "rate"), [(1, 44_100), (2, 48_000), (6, 48_000), (2, 22_050), (2, 192_000)])
@pytest.mark.parametrize("name", CONTAINERS)
def test_audio_of_any_usual_shape_is_taken(tmp_path, name, channels, rate):
    path = tmp_path / f"video{FORMATS[name].extension}"
    write(path, name, ramp(25), clicks(2, channels, rate)).finish()
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.channels == channels
    samples, written = read_audio(path)
    assert abs(len(samples) / written - 1) < 0.1
    assert np.abs(samples).max() > 0.3


def test_audio_shorter_than_the_pictures_ends_early(tmp_path):
    path = write(tmp_path / "a.mp4", "h264-mp4", ramp(75), clicks(1)).finish()
    samples, rate = read_audio(path)
    assert 1 <= len(samples) / rate < 1.1
    assert len(read_levels(path)) == 75


@pytest.mark.parametrize("bits", [8, 16])
def test_numbers_are_rounded_to_the_nearest_step_and_clipped(bits):
    top = 2**bits - 1
    span = torch.tensor([-0.5, 0.0, 0.4 / top, 0.6 / top, 1.0, 1.5]).reshape(1, 1, 6, 1).expand(1, 1, 6, 3)
    assert to_integers(span, bits)[0, 0, :, 0].tolist() == [0, 0, 0, 1, top, top]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("h264-mp4", {"crf": 52}, "crf 52 is outside 0 to 51"),
        ("prores-mov", {"crf": 20}, "has no such setting"),
        ("png-16bit", {"crf": 20}, "has no such setting"),
        ("h264-mp4", {"audio": {"waveform": torch.zeros(1, 3, 100), "sample_rate": RATE}}, "3 channels"),
        ("png-16bit", {"audio": {"waveform": torch.zeros(1, 3, 100), "sample_rate": RATE}}, "3 channels"),
    ],
)
def test_what_a_format_cannot_do_is_refused_and_leaves_nothing(tmp_path, name, options, message):
    with pytest.raises(VideoError, match=message):
        write(tmp_path / f"video{FORMATS[name].extension}", name, ramp(2), **options)
    assert list(tmp_path.iterdir()) == []


def test_odd_sizes_and_unknown_formats_are_refused(tmp_path):
    with pytest.raises(VideoError, match="65x32 has an odd side"):
        write(tmp_path / "a.mp4", "h264-mp4", ramp(1, width=65))
    with pytest.raises(VideoError, match="choose one of h264-mp4, vp9-webm, prores-mov, png-16bit"):
        video_format("gif")


def test_lower_crf_makes_a_larger_file(tmp_path):
    noise = torch.rand(10, 64, 64, 3, generator=torch.Generator().manual_seed(2))
    sizes = [write(tmp_path / f"{crf}.mp4", "h264-mp4", noise, crf=crf).finish().stat().st_size for crf in (10, 40)]
    assert sizes[0] > 2 * sizes[1]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("unfinished", [False, True])
def test_nothing_that_exists_is_overwritten(tmp_path, name, unfinished):
    path = tmp_path / f"video{FORMATS[name].extension}"
    taken = partial_path(path) if unfinished else path
    taken.write_text("mine")
    with pytest.raises(VideoError, match="never overwritten"):
        write(path, name, ramp(2))
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("name", ["h264-mp4", "png-16bit"])
def test_a_name_taken_during_the_render_keeps_both(tmp_path, name):
    path = tmp_path / f"video{FORMATS[name].extension}"
    writer = write(path, name, ramp(2))
    path.write_text("mine")
    second = writer.finish()
    assert second.name == f"video-2{path.suffix}"
    assert second.exists()
    assert path.read_text() == "mine"


def test_publish_works_without_hard_links(tmp_path, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    partial, path = tmp_path / "a.partial.mp4", tmp_path / "a.mp4"
    partial.write_text("new")
    path.write_text("mine")
    assert publish(partial, path).read_text() == "new"
    assert path.read_text() == "mine"


def test_free_path_counts_past_finished_and_unfinished_files(tmp_path):
    (tmp_path / "song_00001_.mp4").touch()
    (tmp_path / "song_00002_.partial.mp4").touch()
    assert free_path(tmp_path, "song", ".mp4").name == "song_00003_.mp4"
    assert free_path(tmp_path, "song", ".mp4", counter=7).name == "song_00007_.mp4"
    assert free_path(tmp_path, "song", "").name == "song_00001_"


@pytest.mark.parametrize("name", FORMATS)
def test_an_abandoned_video_plays_as_far_as_it_goes(tmp_path, name):
    path = tmp_path / f"video{FORMATS[name].extension}"
    partial = write(path, name, ramp(60), clicks(10), frames=200).abandon()
    assert partial == partial_path(path)
    assert not path.exists()
    if FORMATS[name].container:
        assert len(read_levels(partial)) == 60
        samples, rate = read_audio(partial)
        assert abs(len(samples) / rate - 2.4) < 0.1
    else:
        assert len(list(partial.glob("*.png"))) == 60


@pytest.mark.parametrize("name", FORMATS)
def test_a_video_abandoned_before_its_first_frame_leaves_nothing(tmp_path, name):
    kind = video_format(name)
    make = VideoFileWriter if kind.container else PngSequenceWriter
    path = tmp_path / f"video{kind.extension}"
    assert make(path, (64, 32), VideoContent(FPS, 10, clicks(1)), encoding(name)).abandon() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_a_killed_process_leaves_plays(tmp_path, name):
    path = tmp_path / f"video{FORMATS[name].extension}"
    script = f"""
        import os, sys
        sys.path.insert(0, {str(REPOSITORY / "scripts")!r})
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import _bootstrap
        import test_files as t
        t.write(t.Path({str(path)!r}), {name!r}, t.ramp(300), t.clicks(20), frames=500)
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert done.returncode == -signal.SIGKILL
    levels = read_levels(partial_path(path))
    # x264 and vp9 hold some frames back to look ahead, and a fragment is on disk once the next begins.
    assert 150 <= len(levels) <= 300
    assert levels == sorted(levels)
    samples, rate = read_audio(partial_path(path))
    assert abs(len(samples) / rate - len(levels) / 25) < 2.5


def full_disk(base, room):
    """A file on a disk with room for this many bytes: then it takes a part of a write, then nothing."""

    class FullDisk(base):
        left = room

        def _put(self, data):
            if not self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            taken = super()._put(data[: self.left])
            self.left -= taken
            return taken

    return FullDisk


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_full_disk_is_an_error_with_its_number_and_what_was_written_plays(tmp_path, monkeypatch, name):
    monkeypatch.setattr("audio_loop.video.encode.PartialFile", full_disk(PartialFile, 200_000))
    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", full_disk(IndexedFile, 200_000))
    noise = torch.rand(500, 32, 64, 3, generator=torch.Generator().manual_seed(3))
    path = tmp_path / f"video{FORMATS[name].extension}"
    writer = VideoFileWriter(path, (64, 32), VideoContent(FPS, 500, clicks(20)), encoding(name))
    with pytest.raises(OSError, match="No space left") as caught:
        writer.write(to_integers(noise, writer.bits))
    assert caught.value.errno == errno.ENOSPC
    partial = writer.abandon()
    assert partial.stat().st_size == 200_000
    assert not path.exists()
    assert len(read_levels_of_a_torn_file(partial)) >= 10


def test_a_disk_that_fills_up_with_the_last_bytes_is_an_error_too(tmp_path, monkeypatch):
    class NoRoomForTheIndex(full_disk(IndexedFile, 10**9)):
        def _put_index(self):
            self.left = 0 if self._index else self.left
            super()._put_index()

    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", NoRoomForTheIndex)
    writer = write(tmp_path / "a.mp4", "h264-mp4", ramp(120), clicks(10))
    with pytest.raises(OSError, match="No space left"):
        writer.finish()
    assert len(read_levels(writer.abandon())) >= 50
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.parametrize(("room", "text"), [(600, "x"), (50_000, "x" * 300_000)])
def test_an_index_larger_than_its_room_leaves_the_file_whole_in_fragments(tmp_path, monkeypatch, caplog, room, text):
    monkeypatch.setattr("audio_loop.video.encode.room_for_index", lambda *_: room)
    path = write(tmp_path / "a.mp4", "h264-mp4", ramp(120), clicks(10), {"workflow": text}).finish()
    assert "larger than the room" in caplog.text
    assert len(read_levels(path)) == 120
    assert abs(len(read_audio(path)[0]) / RATE - 4.8) < 0.1


@pytest.mark.parametrize("name", ["h264-mp4", "prores-mov"])
def test_the_room_kept_for_the_index_is_enough_and_not_far_too_much(tmp_path, monkeypatch, name):
    from audio_loop.video import encode

    rooms = []
    estimate = encode.room_for_index
    monkeypatch.setattr(encode, "room_for_index", lambda *numbers: rooms.append(estimate(*numbers)) or rooms[-1])
    metadata = {"workflow": {"text": "x" * 100_000}}
    path = tmp_path / f"a{FORMATS[name].extension}"
    write(path, name, torch.rand(1500, 16, 16, 3), clicks(61), metadata).finish()
    (room,) = rooms
    index = int.from_bytes(path.read_bytes()[slice(*((36, 40) if name == "h264-mp4" else (20, 24)))], "big")
    assert 0.2 * room < index < 0.75 * room


@pytest.mark.parametrize("name", ["h264-mp4", "prores-mov"])
def test_the_file_plays_whenever_a_kill_comes_while_it_is_finished(tmp_path, monkeypatch, name):
    """Between any two writes: what is on disk then is copied, and read."""
    copies = []

    class Watched(IndexedFile):
        watched = False

        def _put(self, data):
            taken = super()._put(data)
            if self.watched:
                copies.append(Path(self.name).read_bytes())
            return taken

    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", Watched)
    path = tmp_path / f"a{FORMATS[name].extension}"
    writer = write(path, name, ramp(120), clicks(10))
    Watched.watched = True
    writer.finish()
    assert len(copies) >= 4
    for number, data in enumerate(copies):
        copy = tmp_path / f"copy_{number}{path.suffix}"
        copy.write_bytes(data)
        levels = read_levels_of_a_torn_file(copy)
        assert 50 <= len(levels) <= 120, f"after write {number} of {len(copies)}"
        assert levels == sorted(levels)
    assert len(levels) == 120


def test_an_index_of_many_pieces_that_does_not_fit_is_not_written_over_the_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr("audio_loop.video.encode.room_for_index", lambda *_: 600)
    frames = 6000
    path = write(tmp_path / "a.mp4", "h264-mp4", ramp(frames, 16, 16), clicks(10)).finish()
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == frames


@pytest.mark.parametrize("unfinished", [False, True])
@pytest.mark.parametrize("name", CONTAINERS)
def test_our_own_reader_finds_the_graph_in_the_file(tmp_path, name, unfinished):
    from audio_loop.workflow_graph.document import Kind
    from audio_loop.workflow_graph.metadata import embedded

    workflow = {"nodes": [], "links": [], "version": 0.4, "extra": {"text": "a } brace"}}
    prompt = {"1": {"class_type": "A", "inputs": {"text": "{{"}, "is_changed": [float("nan")]}}
    path = tmp_path / f"video{FORMATS[name].extension}"
    writer = write(path, name, ramp(120), metadata={"workflow": workflow, "prompt": prompt}, frames=200)
    found = embedded.read(writer.partial if unfinished else writer.finish())
    assert found.document(Kind.WORKFLOW) == workflow
    assert found.document(Kind.PROMPT)["1"]["inputs"] == {"text": "{{"}
    if unfinished:
        writer.abandon()
