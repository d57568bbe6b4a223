"""A whole file: its numbers come out as they went in, whatever it is wrapped in."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from audio_loop.tests.pure.audio.reading.sound_files import write_sound
from audio_loop.tests.pure.watching.films import grey, texture, write_film, yuv_frame
from audio_loop.watching.video_file import WatchError
from audio_loop.watching.watch import watch


def _ramp(height=64, width=96, bits=8):
    low, high = 16 << (bits - 8), 235 << (bits - 8)
    return np.rint(np.linspace(low, high, width)).astype(int)[None, :].repeat(height, 0)


@pytest.mark.parametrize(
    ("codec", "suffix", "pix_fmt", "bits"),
    [("ffv1", "mkv", "yuv420p", 8), ("ffv1", "mkv", "yuv422p10le", 10), ("libx264", "mp4", "yuv420p10le", 10)],
)
def test_a_ramp_from_black_to_white_has_the_numbers_of_a_ramp(tmp_path, codec, suffix, pix_fmt, bits):
    unit = 1 << (bits - 8)
    pictures = [yuv_frame(_ramp(bits=bits), 128 * unit + 28 * unit, 128 * unit - 56 * unit, pix_fmt)] * 3
    video = watch(write_film(tmp_path / f"ramp.{suffix}", pictures, codec=codec, pix_fmt=pix_fmt))
    assert (video.width, video.height, video.fps, len(video.frames)) == (96, 64, 25, 3)
    assert video.frames.luma == pytest.approx(0.5, abs=0.004)
    assert video.frames.contrast == pytest.approx(np.sqrt(1 / 12), abs=0.006)
    assert video.frames.blue == pytest.approx(28 / 224, abs=0.004)
    assert video.frames.red == pytest.approx(-56 / 224, abs=0.004)
    assert video.frames.colourfulness == pytest.approx(np.hypot(28, 56) / 224, abs=0.004)
    assert video.frames.cell_luma[0, 4] == pytest.approx((np.arange(16) + 0.5) / 16 * 255, abs=2.5)


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "mp4"), ("libvpx-vp9", "webm")])
def test_frames_that_were_encoded_whole_are_known(tmp_path, codec, suffix):
    pictures = [grey(np.roll(texture(3, 64, 96), number, 1)) for number in range(20)]
    options = {"g": "8", "sc_threshold": "0"}
    video = watch(write_film(tmp_path / f"keys.{suffix}", pictures, codec=codec, options=options))
    assert video.frames.key is not None
    assert np.flatnonzero(video.frames.key).tolist() == [0, 8, 16]


def test_full_range_is_shown_from_0_to_255(tmp_path):
    luma = np.tile(np.array([0, 255], int).repeat(32), (64, 1))
    video = watch(write_film(tmp_path / "full.mkv", [yuv_frame(luma)] * 2, codec="ffv1", full=True))
    assert video.frames.luma == pytest.approx(0.5, abs=1e-3)
    assert video.frames.contrast == pytest.approx(0.5, abs=1e-3)


def test_what_lies_beyond_black_and_white_is_shown_as_these(tmp_path):
    luma = np.tile(np.array([4, 250], int).repeat(32), (64, 1))
    video = watch(write_film(tmp_path / "beyond.mkv", [yuv_frame(luma)] * 2, codec="ffv1"))
    assert video.frames.contrast == pytest.approx(0.5, abs=1e-3)


def test_the_change_is_that_of_the_pixels_and_its_peak_that_of_the_cell_that_changed_most(tmp_path):
    before, after = np.full((90, 160), 100), np.full((90, 160), 100)
    after[10:20, 20:30] = 122  # just the cell of row 1 and column 2
    video = watch(write_film(tmp_path / "step.mkv", [yuv_frame(before), yuv_frame(after)], codec="ffv1"))
    assert video.frames.change[0] == 0
    assert video.frames.change[1] == pytest.approx(22 / 219 / 144, rel=1e-3)
    assert video.frames.change_peak[1] == pytest.approx(22 / 219, rel=1e-3)
    assert np.argmax(video.frames.cell_change[1]) == 1 * 16 + 2


def test_a_checkerboard_is_as_sharp_as_can_be_and_a_ramp_is_not_sharp_at_all(tmp_path):
    board = np.where(np.add.outer(np.arange(64), np.arange(64)) % 2, 235, 16)
    ramp = np.rint(np.linspace(16, 235, 64)).astype(int)[None].repeat(64, 0)
    video = watch(write_film(tmp_path / "boards.mkv", [yuv_frame(board), yuv_frame(ramp)], codec="ffv1"))
    # Each pixel of 0 or 1 less the mean of nine, five of its own kind: 4/9 away from it.
    assert video.frames.sharpness[0] == pytest.approx(4 / 9, abs=1e-3)
    assert video.frames.sharpness[1] < 0.005


@pytest.mark.parametrize("per_second", [0.01, -0.03])
def test_a_known_zoom_and_a_known_shift_are_measured(tmp_path, per_second):
    from scipy import ndimage

    base, fps, pictures = texture(3, 240, 400, 6.0), 25, []
    rows, columns = np.mgrid[:180, :320].astype(float)
    for number in range(25):
        scale = 1 + per_second * number / fps
        at = [(rows - 89.5) / scale + 119.5, (columns - 159.5 - 0.4 * number) / scale + 199.5]
        pictures.append(grey(ndimage.map_coordinates(base, at, order=3, mode="wrap").clip(0, 1)))
    frames = watch(write_film(tmp_path / "zoom.mp4", pictures, fps)).frames
    assert frames.zoom_per_second[0] == 0
    assert np.median(frames.zoom_per_second[1:]) == pytest.approx(per_second, abs=0.001)
    # What is in the middle of frame n was 0.4 n px beside the middle of the zoom, which moves it, too.
    shifts_px = [0.4 * (1 - number * per_second / fps / (1 + per_second * number / fps)) for number in range(1, 25)]
    assert np.median(frames.shift_x_per_second[1:]) == pytest.approx(np.median(shifts_px) * fps / 320, abs=0.001)
    assert np.median(frames.shift_y_per_second[1:]) == pytest.approx(0, abs=0.001)


def test_small_pictures_come_twice_a_second_with_the_first_and_the_last_frame(tmp_path):
    pictures = [np.full((90, 200, 3), (200, 40, 90), np.uint8)] * 60
    video = watch(write_film(tmp_path / "minute.mp4", pictures, 24))
    assert [sample.frame for sample in video.samples] == [0, 12, 24, 36, 48, 59]
    assert video.samples[0].pixels.shape == (72, 160, 3)
    assert video.samples[0].pixels.mean((0, 1)) == pytest.approx((200, 40, 90), abs=4)


def test_times_count_from_the_first_frame_and_keep_their_holes(tmp_path):
    pts = [100, 104, 108, 120, 124, 128, 132]
    pictures = [grey(np.full((64, 64), level)) for level in np.linspace(0, 1, 7)]
    film = write_film(tmp_path / "hole.mkv", pictures, 25, "ffv1", pts=pts, time_base=Fraction(1, 100))
    video = watch(film)
    assert video.frames.seconds == pytest.approx([0, 0.04, 0.08, 0.2, 0.24, 0.28, 0.32], abs=0.002)
    assert video.start_seconds == pytest.approx(1.0, abs=0.002)
    assert video.fps == 25
    assert video.damage == ""


def test_progress_is_told_and_what_it_raises_ends_the_watching(tmp_path):
    film = write_film(tmp_path / "some.mp4", [grey(texture(1, 64, 64))] * 50)
    told = []
    watch(film, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3

    class EnoughError(Exception):
        pass

    def stop(_):
        raise EnoughError

    with pytest.raises(EnoughError):
        watch(film, stop)


def test_one_frame_and_odd_sizes_are_watched(tmp_path):
    video = watch(write_film(tmp_path / "one.mkv", [grey(texture(1, 35, 61))], codec="ffv1", pix_fmt="yuv444p"))
    assert (len(video.frames), video.width, video.height, len(video.samples)) == (1, 61, 35, 1)
    tiny = watch(write_film(tmp_path / "tiny.mkv", [grey(texture(1, 2, 2))] * 2, codec="ffv1", pix_fmt="yuv444p"))
    assert tiny.frames.change == pytest.approx(0)


def test_a_film_on_its_side_is_watched_upright(tmp_path):
    plain = tmp_path / "plain.mp4"
    luma = np.full((64, 96), 16)
    luma[:, :48] = 235  # the left half is white
    write_film(plain, [yuv_frame(luma)] * 3)
    turned = tmp_path / "turned.mp4"
    with av.open(str(plain)) as source, av.open(str(turned), "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(90)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    video = watch(turned)
    assert (video.width, video.height) == (64, 96)
    assert video.samples[0].pixels.shape == (96, 64, 3)
    # Turned a quarter to the left, the left half is the lower one.
    assert video.frames.cell_luma[0][0].mean() < 5
    assert video.frames.cell_luma[0][-1].mean() > 250
    assert video.samples[0].pixels[-5:].mean() > 240


def test_files_that_are_no_video_are_refused_by_name(tmp_path):
    from PIL import Image

    Image.new("RGB", (32, 32)).save(tmp_path / "picture.png")
    with pytest.raises(WatchError, match=r"picture\.png is a picture"):
        watch(tmp_path / "picture.png")
    with pytest.raises(WatchError, match="is a folder"):
        watch(tmp_path)
    with pytest.raises(WatchError, match=r"gone\.mp4 cannot be opened"):
        watch(tmp_path / "gone.mp4")
    (tmp_path / "words.mp4").write_text("no video at all")
    with pytest.raises(WatchError, match=r"words\.mp4 cannot be read as a video"):
        watch(tmp_path / "words.mp4")


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_a_file_that_breaks_in_the_middle_gives_what_was_there(tmp_path, suffix):
    pictures = [grey(np.roll(texture(1, 96, 96), 3 * number, 1)) for number in range(75)]
    film = write_film(tmp_path / f"whole.{suffix}", pictures, options={"g": "12"}, movflags="+faststart")
    assert watch(film).damage == ""
    data = film.read_bytes()
    (tmp_path / f"half.{suffix}").write_bytes(data[: len(data) * 2 // 3])
    half = watch(tmp_path / f"half.{suffix}")
    assert 20 < len(half.frames) < 70
    assert "of 3.00 s that its header says" in half.damage


def test_a_file_with_spoilt_bytes_in_it_says_so_and_is_watched_to_its_end(tmp_path):
    pictures = [grey(np.roll(texture(1, 96, 96), 3 * number, 1)) for number in range(75)]
    data = bytearray(write_film(tmp_path / "whole.mkv", pictures, options={"g": "12"}).read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 1500):
        data[at] ^= 0x5A
    (tmp_path / "spoilt.mkv").write_bytes(data)
    video = watch(tmp_path / "spoilt.mkv")
    assert video.damage
    assert len(video.frames) > 40


def test_the_change_of_half_a_second_is_none_in_a_picture_that_stands_and_trembles_and_some_in_one_that_creeps(tmp_path):
    base, random = texture(2, 96, 160, 3.0) * 0.8 + 0.1, np.random.default_rng(1)
    moving = [np.roll(base, number // 2, 1) for number in range(25)]  # half a pixel a frame
    standing = [moving[-1] * (1 + 0.002 * (-1) ** number) + random.normal(0, 0.008, base.shape) for number in range(30)]
    pictures = [grey(picture.clip(0, 1)) for picture in moving + standing]
    slow = watch(write_film(tmp_path / "stop.mp4", pictures, 25)).frames.half_second_change
    assert slow[0] == 0
    assert slow[10:25].min() > 0.05
    assert slow[38:].max() < 0.006  # half a second after it stopped


@pytest.mark.parametrize(("shift_px", "shown"), [(0, 1.0), (2, 1.0), (0, 0.75)])
def test_a_step_of_light_and_of_colour_is_told_from_motion(shift_px, shown, tmp_path):
    """`shown` is the part of the picture that stays; over the rest a white field moves in."""
    height, width, at = 176, 320, 10
    place = texture(5, height, width + 100)
    frames = []
    for number in range(20):
        luma = place[:, number * shift_px : number * shift_px + width].copy()
        luma[:, width - round((1 - shown) * width * number / 20) :] = 0.95
        luma, blue = 16 + 219 * (0.6 * luma + 0.1 + 0.02 * (number >= at)), 120 + 6 * (number >= at)
        frames.append(yuv_frame(np.rint(luma).astype(np.uint8), blue=blue))
    path = write_film(tmp_path / "step.mkv", frames, codec="ffv1")
    facts = watch(path).frames
    others = np.arange(20) != at
    assert facts.light_step[at] == pytest.approx(0.02, abs=0.003)
    assert np.abs(facts.light_step[others]).max() < 0.002
    assert facts.blue_step[at] == pytest.approx(6 / 224, abs=0.002)
    assert np.abs(facts.blue_step[others]).max() < 1e-4
    assert np.abs(facts.red_step).max() < 1e-4


def test_a_clock_that_begins_again_in_the_middle_goes_on_from_where_it_was(tmp_path):
    moving = [grey(np.roll(texture(1, 64, 64), number, 1)) for number in range(50)]
    one = write_film(tmp_path / "one.ts", moving, codec="mpeg2video", options={"bf": "0"})
    two = write_film(tmp_path / "two.ts", moving[::-1], codec="mpeg2video", options={"bf": "0"})
    (tmp_path / "both.ts").write_bytes(one.read_bytes() + two.read_bytes())
    video = watch(tmp_path / "both.ts")
    assert video.damage.startswith("its times begin again at 1.96 s")
    assert video.frames.seconds == pytest.approx(np.arange(100) / 25, abs=1e-3)


def test_files_without_pictures_are_told_by_what_they_have(tmp_path):
    write_sound(tmp_path / "song.wav", np.zeros((1, 800), np.float32), 8000, "pcm_s16le")
    with pytest.raises(WatchError, match=r"song\.wav has only sound in it; give a file with a video stream"):
        watch(tmp_path / "song.wav")
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nSomebody sings.\n", "utf-8")
    with pytest.raises(WatchError, match=r"words\.srt has no pictures in it"):
        watch(tmp_path / "words.srt")


def test_a_format_that_is_unknown_here_is_refused_with_those_that_are_not(tmp_path):
    film = write_film(tmp_path / "film.mkv", [grey(texture(1, 64, 64))] * 2, codec="ffv1")
    (tmp_path / "odd.mkv").write_bytes(film.read_bytes().replace(b"V_FFV1", b"V_XYZ1"))
    with pytest.raises(WatchError, match=r"odd\.mkv is in a video format that is unknown here; save it as H\.264 or VP9"):
        watch(tmp_path / "odd.mkv")


def test_a_file_of_which_no_frame_can_be_decoded_is_refused_with_what_is_wrong(tmp_path):
    data = write_film(tmp_path / "film.mp4", [grey(texture(1, 64, 64))] * 5).read_bytes()
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    (tmp_path / "zeros.mp4").write_bytes(data[:begin] + bytes(end - begin) + data[end:])
    with pytest.raises(WatchError, match=r"zeros\.mp4 has no frame that can be decoded.*; save the video again"):
        watch(tmp_path / "zeros.mp4")
