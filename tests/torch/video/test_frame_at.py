"""Single frames of a video, exact to the frame, whatever lies between its key frames."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import av
import numpy as np
import pytest

from audio_loop.video.errors import VideoError
from audio_loop.video.frame_at import frame_at

FRAMES = 60


@pytest.fixture(scope="module", params=[Fraction(25), Fraction(24000, 1001)], ids=["25", "23.976"])
def video(request, tmp_path_factory):
    """Frames that get brighter by 4 each, one key frame for all, with frames that are stored out of order."""
    path = tmp_path_factory.mktemp("video") / "grey.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=request.param)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "1", "g": "1000", "bf": "3"}
        for number in range(FRAMES):
            picture = np.full((64, 64, 3), 4 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path, request.param


@pytest.mark.parametrize("number", [0, 1, 7, 31, 58, 59])
def test_the_frame_on_screen_is_given(video, number):
    path, fps = video
    for inside in (Fraction(0), Fraction(1, 2), Fraction(9, 10)):
        pixels, begins = frame_at(str(path), (number + inside) / fps)
        assert pixels.shape == (64, 64, 3)
        assert abs(pixels.astype(int) - 4 * number).max() <= 2
        assert begins == pytest.approx(number / fps, abs=1e-4)


def test_an_open_file_will_do(video):
    path, fps = video
    with path.open("rb") as file:
        pixels, _ = frame_at(file, 10 / fps)
    assert abs(pixels.astype(int) - 40).max() <= 2


def test_outside_the_video_is_refused(video):
    path, fps = video
    with pytest.raises(VideoError, match="the video ends at"):
        frame_at(str(path), FRAMES / fps)
    with pytest.raises(VideoError, match="the video ends at"):
        frame_at(str(path), Fraction(1000))
    with pytest.raises(VideoError, match="begins at 0"):
        frame_at(str(path), Fraction(-1))


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(VideoError, match="no video stream"):
        frame_at(str(path), Fraction(0))


class Frames:
    """A file of hand-made frames at 25 a second, in ticks of a frame."""

    def __init__(self, *frames):
        self.stream = SimpleNamespace(start_time=None, time_base=Fraction(1, 25), average_rate=Fraction(25), thread_type="")
        self.streams = SimpleNamespace(video=[self.stream])
        self._frames = [self._frame(*each) for each in frames]

    @staticmethod
    def _frame(pts, duration):
        return SimpleNamespace(pts=pts, duration=duration, to_ndarray=lambda format: np.full((1, 1, 3), pts or 99, np.uint8))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def seek(self, *_where, **_how):
        return None

    def decode(self, _stream):
        return iter(self._frames)


@pytest.fixture
def shown(monkeypatch):
    """The number of the frame that is given of such a file, by its level."""

    def ask(seconds, *frames):
        monkeypatch.setattr(av, "open", lambda _source: Frames(*frames))
        pixels, begins = frame_at("video", seconds)
        assert begins == Fraction(int(pixels[0, 0, 0]), 25)
        return int(pixels[0, 0, 0])

    return ask


def test_a_frame_without_a_time_is_passed_over(shown):
    assert shown(Fraction(2, 25), (1, 1), (None, 1), (2, 1), (None, 1), (3, 1)) == 2


def test_the_last_frame_is_shown_as_long_as_one_lasts_even_if_the_file_does_not_say_how_long(shown):
    frames = (1, 0), (2, None)
    assert shown(Fraction(29, 250), *frames) == 2
    with pytest.raises(VideoError, match="the video ends at"):
        shown(Fraction(3, 25), *frames)


def test_a_moment_before_the_first_frame_has_none(shown):
    with pytest.raises(VideoError, match=r"the video has no frame at .*; its first comes later"):
        shown(Fraction(1, 25), (5, 1), (6, 1))
