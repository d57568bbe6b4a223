"""WAV files of 24 bits: read back exactly, by length and channels too, whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.preparing import wav_file
from audio_loop.audio.preparing.wav_file import write_wav
from audio_loop.audio.reading.song_source import SongFile


def read(path):
    song = SongFile(path)
    return np.concatenate(list(song.blocks()), axis=1), song


def names(channels):
    return {1: ("FC",), 6: ("FL", "FR", "FC", "LFE", "SL", "SR"), 32: ("",) * 32}.get(channels, ("FL", "FR", "FC")[:channels])


@pytest.mark.parametrize("longest", [0xFFFFFFFF, 100], ids=["RIFF", "RF64"])
@pytest.mark.parametrize("channels", [1, 2, 3, 6, 32])
def test_what_is_written_is_read(tmp_path, monkeypatch, longest, channels):
    monkeypatch.setattr(wav_file, "LONGEST_RIFF_BYTES", longest)
    sound = np.random.default_rng(channels).uniform(-1, 1, (channels, 4001)).astype(np.float32)
    path = tmp_path / "song.wav"
    write_wav(path, iter([sound[:, :1000], sound[:, 1000:]]), 44_101, names(channels), 4001)
    assert path.read_bytes()[:4] == (b"RIFF" if longest > 100 else b"RF64")
    assert path.stat().st_size % 2 == 0
    found, song = read(path)
    np.testing.assert_allclose(found, sound, rtol=0, atol=2**-24)
    assert song.sample_rate == 44_101
    if channels < 32:
        assert song.channel_names == names(channels)
    assert [each.name for each in tmp_path.iterdir()] == ["song.wav"], "no temporary file is left"


def test_lengths_above_4_gib_are_those_of_rf64(tmp_path):
    header = wav_file._header(48_000, ("FL", "FR"), 900_000_000)
    assert header[:12] == b"RF64\xff\xff\xff\xffWAVE"
    assert header[12:16] == b"ds64"
    riff, data, samples = np.frombuffer(header[20:44], "<u8").tolist()
    assert (data, samples) == (5_400_000_000, 900_000_000)
    assert riff == len(header) + data - 8
    assert header[-8:] == b"data\xff\xff\xff\xff"


def test_what_lies_beyond_full_scale_is_cut_off_and_does_not_wrap(tmp_path):
    write_wav(tmp_path / "song.wav", [np.array([[2, 1, -1, -2]], np.float32)], 8000, ("FC",), 4)
    np.testing.assert_allclose(read(tmp_path / "song.wav")[0], [[1, 1, -1, -1]], atol=2**-23)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing(tmp_path, error):
    def blocks():
        yield np.zeros((1, 100), np.float32)
        raise error

    with pytest.raises(type(error)):
        write_wav(tmp_path / "song.wav", blocks(), 8000, ("FC",), 200)
    with pytest.raises(ValueError, match="200 samples, and 100 came"):
        write_wav(tmp_path / "song.wav", [np.zeros((1, 100), np.float32)], 8000, ("FC",), 200)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_that_name_is_never_touched(tmp_path):
    path = tmp_path / "song.wav"

    def blocks():
        path.write_text("somebody else's")
        yield np.zeros((1, 100), np.float32)

    with pytest.raises(FileExistsError):
        write_wav(path, blocks(), 8000, ("FC",), 100)
    with pytest.raises(FileExistsError):
        write_wav(path, [], 8000, ("FC",), 0)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["somebody else's"]
