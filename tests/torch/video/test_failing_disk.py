"""A disk that takes nothing, or stops at any byte: an error in words, no crash of the process, nothing torn left behind."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import textwrap
from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch

from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.encode import VideoFileWriter, to_integers
from audio_loop.video.errors import VideoError
from audio_loop.video.formats import FORMATS, video_format
from audio_loop.video.mp4_index import IndexedFile
from audio_loop.video.partial_file import PartialFile
from audio_loop.video.png_sequence import PngSequenceWriter

REPOSITORY = Path(__file__).resolve().parents[3]
FPS = Fraction(25)
CONTAINERS = [name for name, kind in FORMATS.items() if kind.container]

# The limit of a process on the size of its files is a full disk that needs no rights and no mount.
SCRIPT = """
    import json, resource, signal, sys
    sys.path.insert(0, {scripts!r})
    import _bootstrap
    import torch
    from fractions import Fraction
    from pathlib import Path
    from audio_loop.video.encode import VideoFileWriter, to_integers
    from audio_loop.video.content import VideoContent, encoding
    from audio_loop.video.png_sequence import PngSequenceWriter

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    folder, name, rooms = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    chosen = encoding(name)
    kind = chosen.kind
    sound = {{"waveform": torch.rand(1, 2, 44_100) - 0.5, "sample_rate": 44_100}}
    pixels = to_integers(torch.rand(25, 32, 64, 3), kind.bits)
    for room in rooms:
        path = folder / f"{{room}}{{kind.extension}}"
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        partial, said = None, None
        try:
            make = VideoFileWriter if kind.container else PngSequenceWriter
            writer = make(path, (64, 32), VideoContent(Fraction(25), 25, sound), chosen)
            try:
                writer.write(pixels)
                writer.finish()
            except BaseException as error:
                said = (type(error).__name__, getattr(error, "errno", None))
                partial = writer.abandon()
        except BaseException as error:
            said = (type(error).__name__, getattr(error, "errno", None))
        left = sorted(str(each) for each in folder.glob(f"{{room}}*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        sys.stdout.write(json.dumps([room, said, partial and str(partial), left]) + "\\n")
"""


@pytest.mark.parametrize("name", FORMATS)
def test_a_disk_that_stops_at_any_byte_never_ends_the_process(tmp_path, name):
    # Nothing, inside and behind the first box, inside the header, in the room of the index, in the first frames.
    rooms = [0, 1, 10, 28, 36, 44, 60, 100, 500, 1000, 3000, 9000, 10_000, 12_000, 16_000, 30_000]
    script = textwrap.dedent(SCRIPT).format(scripts=str(REPOSITORY / "scripts"))
    command = [sys.executable, "-c", script, str(tmp_path), name, json.dumps(rooms)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [room for room, _, _, _ in answers] == rooms
    for room, said, partial, left in answers:
        if said is None:
            assert room >= 10_000, "a second of noise takes more"
            continue
        assert tuple(said) == ("OSError", errno.EFBIG), f"room for {room} bytes"
        assert left == ([partial] if partial else []), f"room for {room} bytes"
        if partial and FORMATS[name].container:
            with av.open(partial) as container:
                assert next(container.decode(video=0)) is not None, "what is kept shows something"
    assert answers[0][1] is not None


def failing(base, number, error=errno.EIO):
    """A file whose write of this number fails."""

    class Failing(base):
        writes = 0

        def _put(self, data):
            self.writes += 1
            if self.writes >= number:
                raise OSError(error, "the cable is out")
            return super()._put(data)

    return Failing


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", CONTAINERS)
def test_any_error_of_an_early_write_is_told_as_it_is(tmp_path, monkeypatch, name, number):
    monkeypatch.setattr("audio_loop.video.encode.PartialFile", failing(PartialFile, number))
    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", failing(IndexedFile, number))
    path = tmp_path / f"video{FORMATS[name].extension}"
    kind = video_format(name)
    writers = []

    def save():
        writers.append(VideoFileWriter(path, (64, 32), VideoContent(FPS, 200), encoding(name)))
        writers[0].write(to_integers(torch.rand(200, 32, 64, 3), kind.bits))
        writers[0].finish()

    with pytest.raises(OSError, match="the cable is out"):
        save()
    kept = [writer.abandon() for writer in writers]
    assert list(tmp_path.iterdir()) == [partial for partial in kept if partial]


def test_a_full_disk_while_the_sound_of_pictures_is_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("audio_loop.video.png_sequence.PartialFile", failing(PartialFile, 3, errno.ENOSPC))
    sound = {"waveform": torch.rand(1, 2, 441_000), "sample_rate": 44_100}
    with pytest.raises(OSError, match="the cable is out") as caught:
        PngSequenceWriter(tmp_path / "a", (64, 32), VideoContent(FPS, 250, sound), encoding("png-16bit"))
    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_half_a_picture_is_taken_away_and_the_whole_ones_stay(tmp_path, monkeypatch):
    writer = PngSequenceWriter(tmp_path / "a", (64, 32), VideoContent(FPS, 5), encoding("png-16bit"))
    pixels = to_integers(torch.rand(2, 32, 64, 3), 16)
    writer.write(pixels)
    monkeypatch.setattr("audio_loop.video.png_sequence.PartialFile", failing(PartialFile, 1, errno.ENOSPC))
    with pytest.raises(OSError, match="the cable is out"):
        writer.write(pixels)
    partial = writer.abandon()
    assert sorted(path.name for path in partial.iterdir()) == ["frame_000000.png", "frame_000001.png"]


def test_an_encoder_that_fails_is_told_in_our_words_and_leaves_nothing(tmp_path):
    with pytest.raises(VideoError, match="the encoder of h264-mp4 failed"):
        VideoFileWriter(tmp_path / "a.mp4", (64_000, 64_000), VideoContent(FPS, 10), encoding())
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def writer(tmp_path):
    """A video with a second of frames that only has to be finished."""
    made = VideoFileWriter(tmp_path / "a.mp4", (64, 32), VideoContent(FPS, 25), encoding())
    made.write(to_integers(torch.rand(25, 32, 64, 3), 8))
    return made


def test_an_encoder_that_fails_at_the_end_is_told_in_our_words_and_what_is_there_is_kept(writer, monkeypatch):
    def fail():
        raise av.error.InvalidDataError(1, "odd packets")

    monkeypatch.setattr(writer, "_complete", fail)
    with pytest.raises(VideoError, match=r"the encoder of h264-mp4 failed .*odd packets"):
        writer.finish()
    assert not writer.path.exists()


@pytest.mark.parametrize("is_told", [True, False], ids=["FFmpeg fails too", "FFmpeg says nothing"])
def test_what_the_disk_said_goes_before_what_ffmpeg_says(writer, monkeypatch, is_told):
    complete = writer._complete

    def fail():
        complete()
        writer._file.failure = OSError(errno.EIO, "the cable is out")
        if is_told:
            raise av.error.ExternalError(1, "a callback failed")

    monkeypatch.setattr(writer, "_complete", fail)
    with pytest.raises(OSError, match="the cable is out"):
        writer.finish()
    assert not writer.path.exists(), "it is not published"


def test_sound_of_pictures_that_the_disk_did_not_take_is_told_though_the_muxer_says_nothing(tmp_path, monkeypatch):
    class Silent(PartialFile):
        def write(self, data):
            self.failure = OSError(errno.EIO, "the cable is out")
            return len(data)

    monkeypatch.setattr("audio_loop.video.png_sequence.PartialFile", Silent)
    sound = {"waveform": torch.rand(1, 2, 44_100), "sample_rate": 44_100}
    with pytest.raises(OSError, match="the cable is out"):
        PngSequenceWriter(tmp_path / "a", (64, 32), VideoContent(FPS, 25, sound), encoding("png-16bit"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [((1, 2, 0), "the audio is empty"), ((2, 100), "the audio is empty"), ((1, 3, 100), "the audio has 3 channels")],
)
def test_sound_that_no_video_can_hold_is_refused_and_leaves_nothing(tmp_path, shape, words):
    sound = {"waveform": torch.zeros(shape), "sample_rate": 44_100}
    with pytest.raises(VideoError, match=words):
        VideoFileWriter(tmp_path / "a.mp4", (64, 32), VideoContent(FPS, 25, sound), encoding())
    assert list(tmp_path.iterdir()) == []


def test_after_a_failure_the_room_of_an_index_stays_as_it_was(tmp_path):
    path = tmp_path / "a.mp4"
    file = IndexedFile(path)
    file.write(b"headers!")
    file.seek(40)
    file.write(b"pictures")
    file.seek(8)
    file.write((16).to_bytes(4, "big") + b"moov" + bytes(8))
    assert file.tell() == 24
    before = path.read_bytes()
    file.failure = OSError(errno.EIO, "the cable is out")
    file.sync()
    file.close()
    assert path.read_bytes() == before
    assert before[8:16] == (32).to_bytes(4, "big") + b"free"
