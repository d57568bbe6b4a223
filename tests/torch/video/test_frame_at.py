"""Single frames of a video, exact to the frame, whatever lies between its key frames."""

from __future__ import annotations

from fractions import Fraction

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
