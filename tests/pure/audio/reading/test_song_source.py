"""Files and arrays read in blocks: every kind of number, exact lengths, cuts, and refusals that say what is wrong."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from audio_loop.audio.reading import song_source
from audio_loop.audio.reading.song_source import NumbersOnly, SongArray, SongFile, finite_blocks
from audio_loop.audio.reading.sound_file import SongError

from .sound_files import tone, write_sound

RATE = 44_100


def whole(source):
    return np.concatenate(list(source.blocks()), axis=1)


@pytest.mark.parametrize(
    ("kind", "codec", "step"),
    [
        ("wav", "pcm_s16le", 2**-15),
        ("wav", "pcm_u8", 2**-7),
        ("wav", "pcm_s24le", 2**-23),
        ("wav", "pcm_f32le", 0),
        ("wav", "pcm_f64le", 0),
        ("flac", "flac", 2**-15),
        ("aiff", "pcm_s16be", 2**-15),
    ],
)
def test_what_is_stored_exactly_is_read_exactly(tmp_path, kind, codec, step):
    sound = tone(70_001, RATE)
    song = SongFile(write_sound(tmp_path / f"song.{kind}", sound, RATE, codec))
    read = list(song.blocks())
    assert (song.sample_rate, song.channel_names, song.name) == (RATE, ("FL", "FR"), f"song.{kind}")
    assert [block.shape for block in read] == [(2, 65_536), (2, 4465)]
    assert all(block.dtype == np.float32 for block in read)
    np.testing.assert_allclose(np.concatenate(read, axis=1), sound, rtol=0, atol=step * 1.01)


@pytest.mark.parametrize(("kind", "codec"), [("mp3", "libmp3lame"), ("m4a", "aac"), ("ogg", "libopus")])
def test_compressed_songs_have_the_samples_that_load_audio_counts(tmp_path, kind, codec):
    rate = 48_000
    path = write_sound(tmp_path / f"song.{kind}", tone(50_000, rate), rate, codec)
    with av.open(str(path)) as container:
        counted = sum(frame.samples for frame in container.decode(audio=0))
    read = whole(SongFile(path))
    assert read.shape == (2, counted)
    assert np.abs(read[:, 10_000:40_000]).max() == pytest.approx(0.5, abs=0.25)


def test_a_cut_begins_and_ends_at_the_nearest_samples(tmp_path):
    path = write_sound(tmp_path / "song.wav", sound := tone(100_000, RATE), RATE, "pcm_f32le")
    cut = SongFile(path, Fraction("0.25"), Fraction("1.75"))
    np.testing.assert_array_equal(whole(cut), sound[:, 11_025:77_175])
    np.testing.assert_array_equal(whole(SongFile(path, Fraction(2), Fraction(184))), sound[:, 88_200:])
    np.testing.assert_array_equal(whole(cut), sound[:, 11_025:77_175], "a source can be read again")


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (3, None, r"is 2\.268 s long, so nothing is left from 3 s on"),
        (-1, None, "begin at 0 s"),
        (2, 1, "end after that"),
        (1, Fraction(1_000_001, 1_000_000), "has no sample"),
    ],
)
def test_a_cut_that_leaves_nothing_is_refused(tmp_path, start, end, why):
    path = write_sound(tmp_path / "song.wav", tone(100_000, RATE), RATE, "pcm_s16le")
    with pytest.raises(SongError, match=why):
        whole(SongFile(path, Fraction(start), None if end is None else Fraction(end)))


def test_a_format_that_changes_in_the_middle_is_refused_with_its_time(tmp_path):
    first = write_sound(tmp_path / "1.aac", tone(RATE, RATE), RATE, "aac").read_bytes()
    others = {"48000 Hz and 2;": (48_000, 2), "44100 Hz and 1;": (RATE, 1)}
    for changed, (rate, channels) in others.items():
        second = write_sound(tmp_path / "2.aac", tone(rate, rate, channels), rate, "aac")
        song = tmp_path / "song.aac"
        song.write_bytes(first + second.read_bytes())
        with pytest.raises(SongError, match=rf"song\.aac changes at 0:01\.\d\d from 44100 Hz and 2 channels to {changed}"):
            whole(SongFile(song))


def test_surround_keeps_the_names_of_its_channels(tmp_path):
    song = SongFile(write_sound(tmp_path / "song.flac", tone(5000, RATE, 6), RATE, "flac"))
    assert song.channel_names == ("FL", "FR", "FC", "LFE", "BL", "BR") == SongArray(tone(9, RATE, 6), RATE).channel_names
    assert SongArray(tone(9, RATE, 32), RATE).channel_names == ("",) * 32


def test_what_is_no_song_is_refused(tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\n/etc/hostname\n#EXT-X-ENDLIST\n")
    silent = write_sound(tmp_path / "none.wav", tone(1, RATE), RATE, "pcm_s16le")
    silent.write_bytes(silent.read_bytes()[:-4])
    for path in (tmp_path / "empty.wav", tmp_path / "list.m3u8", silent):
        with pytest.raises(SongError, match=path.name):
            whole(SongFile(path))
    with pytest.raises(OSError, match="not a regular file"):
        SongFile(tmp_path)


@pytest.mark.parametrize(("shape", "rate"), [((0, 9), RATE), ((2, 0), RATE), ((9,), RATE), ((65, 9), RATE), ((2, 9), 10)])
def test_an_array_that_is_no_song_is_refused(shape, rate):
    with pytest.raises(SongError):
        SongArray(np.zeros(shape, np.float32), rate)


def test_a_song_longer_than_any_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(song_source, "LONGEST_SECONDS", 1)
    with pytest.raises(SongError, match="longer than 1"):
        whole(SongFile(write_sound(tmp_path / "song.wav", tone(100_000, RATE), RATE, "pcm_s16le")))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e7])
def test_a_sample_that_is_no_sound_is_refused_with_its_time_or_silent_and_counted(value):
    sound = tone(200_000, RATE)
    sound[1, 132_300] = sound[0, 150_000] = value
    with pytest.raises(SongError, match=r"0:03\.00 \(sample 132300 is "):
        list(finite_blocks(SongArray(sound, RATE)))
    cleaned = NumbersOnly(SongArray(sound, RATE))
    read = whole(cleaned)
    assert (cleaned.count, cleaned.first_at) == (2, 132_300)
    sound[1, 132_300] = sound[0, 150_000] = 0
    np.testing.assert_array_equal(read, sound)


def test_of_wrong_samples_in_several_blocks_the_first_is_told_and_all_are_counted():
    sound = np.zeros((1, 3 * song_source.BLOCK_SAMPLES), np.float32)
    sound[0, [7, song_source.BLOCK_SAMPLES + 5, 2 * song_source.BLOCK_SAMPLES + 1]] = np.nan
    cleaned = NumbersOnly(SongArray(sound, RATE))
    assert not whole(cleaned).any()
    assert (cleaned.count, cleaned.first_at) == (3, 7)


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_of_whole_blocks_ends_with_one(tmp_path, more):
    samples = song_source.BLOCK_SAMPLES + more
    song = SongFile(write_sound(tmp_path / "song.wav", tone(samples, RATE, 1), RATE, "pcm_s16le"))
    assert [block.shape[1] for block in song.blocks()] == [song_source.BLOCK_SAMPLES, more][: 1 + more]


def test_a_video_without_sound_is_no_song(tmp_path):
    with av.open(str(tmp_path / "mute.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(SongError, match=r"mute\.mkv has no sound; choose a song"):
        SongFile(tmp_path / "mute.mkv")
