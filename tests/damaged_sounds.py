"""Sound files that are damaged or odd, each made from its number, and whether what becomes of one is right."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

from audio_loop.audio.preparing.preparation import LevelMeter, Settings, prepare
from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.audio.reading.song_source import SongFile
from audio_loop.audio.reading.sound_file import SongError

KINDS = (
    ("wav", "pcm_s16le"),
    ("wav", "pcm_f32le"),
    ("wav", "pcm_u8"),
    ("wav", "pcm_s24le"),
    ("aiff", "pcm_s16be"),
    ("flac", "flac"),
    ("mp3", "libmp3lame"),
    ("ogg", "libopus"),
    ("ogg", "flac"),
    ("m4a", "aac"),
    ("aac", "aac"),
    ("mka", "libopus"),
    ("au", "pcm_s16be"),
)
RATES = {"libopus": (8000, 16_000, 48_000)}
USUAL_RATES = (8000, 16_000, 22_050, 44_100, 48_000)

_MAY_BE_REFUSED = re.compile("not a number|far too loud|sample rate of")
"""Of sounds that are odd but not damaged."""

Random = np.random.Generator


@dataclass(frozen=True)
class OddSound:
    """A file, and how it was made.

    Attributes:
        path: The file.
        made: Its kind and what was done to it.
        samples: Its length, if it is odd but not damaged.
    """

    path: Path
    made: str
    samples: int | None = None


def odd_sound(folder: Path, number: int) -> OddSound:
    """The file of a number: the same on every machine with the same encoders; a tenth of all are odd, the others damaged."""
    random = np.random.default_rng(number)
    if number % 10 == 0:
        return _ODD[number // 10 % len(_ODD)](folder / f"{number}.wav", random)
    extension, codec = KINDS[int(random.integers(len(KINDS)))]
    rate = int(random.choice(RATES.get(codec, USUAL_RATES)))
    whole = _encoded(extension, codec, rate, int(random.integers(1, 3)), int(random.integers(3)))
    damage = _DAMAGES[int(random.integers(len(_DAMAGES)))]
    path = folder / f"{number}.{extension}"
    path.write_bytes(damage(bytearray(whole), random))
    return OddSound(path, f"{extension} {codec} {rate} Hz, {damage.__name__.strip('_')}")


def answer(sound: OddSound, preset: str) -> str:
    """What becomes of a file that is read and prepared: "refused: ..." in words, or "prepared" if it is right in all respects.

    Raises:
        AssertionError: What comes out is wrong.
    """
    try:
        prepared = prepare(SongFile(sound.path), Settings(preset))
        meter = LevelMeter(prepared.source.sample_rate, prepared.source.channel_names)
        for block in prepared.blocks():
            assert np.isfinite(block).all(), "what comes out is finite"
            meter.add(block)
    except (SongError, OSError) as error:
        why = str(error)
        if not why or (sound.samples is not None and not _MAY_BE_REFUSED.search(why)):
            raise AssertionError(f"refused without a good reason: {why}") from error
        return f"refused: {why}"
    after = meter.finish()
    assert meter.samples == prepared.samples >= 1
    assert sound.samples in (None, prepared.samples), f"{prepared.samples} samples, not {sound.samples}"
    assert after.true_peak_dbtp <= -2, f"true peak {after.true_peak_dbtp}"
    reached = prepared.curve.reached_lufs
    if math.isfinite(reached) and PRESETS[preset].room_tone_db is None:
        assert abs(after.loudness_lufs - reached) < 0.1, f"{after.loudness_lufs} LUFS, not {reached}"
        assert reached < Settings.target_lufs + 0.1
    return "prepared"


@lru_cache(maxsize=512)
def _encoded(extension: str, codec: str, rate: int, channels: int, variant: int) -> bytes:
    """A whole file of this kind, of a tenth of a second to a second and a half."""
    from io import BytesIO

    seconds = (0.1, 0.6, 1.5)[variant]
    random = np.random.default_rng(variant)
    at = np.arange(round(seconds * rate)) / rate
    sound = np.stack([0.3 * np.sin(2 * np.pi * 220 * at) + 0.05 * random.standard_normal(len(at))] * channels)
    file = BytesIO()
    form = {"m4a": "mp4", "aac": "adts", "mka": "matroska"}.get(extension, extension)
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = ("mono", "stereo")[channels - 1]
        fitting = av.AudioResampler(format=stream.format.name, layout=stream.layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32), "fltp", stream.layout.name)
        frame.rate, frame.pts = rate, 0
        for each in (*fitting.resample(frame), None):
            container.mux(stream.encode(each))
    return file.getvalue()


def _truncated(data: bytearray, random: Random) -> bytes:
    return bytes(data[: int(random.integers(len(data)))])


def _bits_flipped(data: bytearray, random: Random) -> bytes:
    for at in random.integers(len(data), size=int(random.integers(1, 60))):
        data[at] ^= 1 << int(random.integers(8))
    return bytes(data)


def _header_flipped(data: bytearray, random: Random) -> bytes:
    for at in random.integers(min(len(data), 200), size=int(random.integers(1, 6))):
        data[at] ^= 1 << int(random.integers(8))
    return bytes(data)


def _header_extreme(data: bytearray, random: Random) -> bytes:
    """A field of four or two bytes near the front that says the most, the least, or next to it."""
    numbers = (0, 1, 2**31 - 1, 2**32 - 1)
    values = [*(struct.pack(form, each) for form in ("<I", ">I") for each in numbers), b"\xff\xff", b"\0\0"]
    for _ in range(int(random.integers(1, 4))):
        value = values[int(random.integers(len(values)))]
        at = int(random.integers(min(len(data), 120)))
        data[at : at + len(value)] = value
    return bytes(data)


def _bytes_replaced(data: bytearray, random: Random) -> bytes:
    at, count = int(random.integers(len(data))), int(random.integers(1, 400))
    data[at : at + count] = random.bytes(count)
    return bytes(data)


def _hole(data: bytearray, random: Random) -> bytes:
    at = int(random.integers(len(data)))
    del data[at : at + int(random.integers(1, 1 + len(data) // 2))]
    return bytes(data)


def _zeros(data: bytearray, random: Random) -> bytes:
    at, count = int(random.integers(len(data))), int(random.integers(1, 4000))
    data[at : at + count] = bytes(count)
    return bytes(data)


def _said_twice(data: bytearray, random: Random) -> bytes:
    at = int(random.integers(len(data)))
    piece = data[at : at + int(random.integers(1, 4000))]
    return bytes(data[:at] + piece + piece + data[at:])


def _with_rubbish(data: bytearray, random: Random) -> bytes:
    rubbish = random.bytes(int(random.integers(1, 2000)))
    return rubbish + data if random.random() < 0.5 else bytes(data) + rubbish


def _joined(data: bytearray, random: Random) -> bytes:
    """Two files one after the other."""
    extension, codec = KINDS[int(random.integers(len(KINDS)))]
    return bytes(data) + _encoded(extension, codec, 48_000 if codec == "libopus" else 22_050, 1, 0)


def _rubbish(data: bytearray, random: Random) -> bytes:
    return bytes(data[:4]) + random.bytes(int(random.integers(4000)))


Damage = Callable[[bytearray, Random], bytes]
_DAMAGES: tuple[Damage, ...] = (
    _truncated,
    _bits_flipped,
    _header_flipped,
    _header_extreme,
    _bytes_replaced,
    _hole,
    _zeros,
    _said_twice,
    _with_rubbish,
    _joined,
    _rubbish,
)


def _wav(
    path: Path, samples: np.ndarray, rate: int, made: str, claimed_bytes: int | None = None, known: bool = True
) -> OddSound:
    """A WAV file of floats (n, channels) by hand, with whatever its header is to claim."""
    data = samples.astype("<f4").tobytes()
    channels = samples.shape[1]
    form = struct.pack("<HHIIHH", 3, channels, rate % 2**32, rate * channels * 4 % 2**32, channels * 4 % 2**16, 32)
    size = len(data) if claimed_bytes is None else claimed_bytes
    head = struct.pack("<4sI4s4sI", b"RIFF", (size + 36) % 2**32, b"WAVE", b"fmt ", 16) + form
    path.write_bytes(head + struct.pack("<4sI", b"data", size % 2**32) + data)
    return OddSound(path, made, len(samples) if known else None)


def _noise(random: Random, samples: int, channels: int = 1) -> np.ndarray:
    return 0.1 * random.standard_normal((samples, channels))


def _not_numbers(path: Path, random: Random) -> OddSound:
    sound = _noise(random, 4000, 2)
    sound[random.integers(4000, size=3), 0] = random.choice([np.nan, np.inf, -np.inf, 1e30])
    return _wav(path, sound, 16_000, "samples that are no numbers")


def _empty(path: Path, random: Random) -> OddSound:
    path.write_bytes(b"")
    return OddSound(path, "an empty file")


def _text(path: Path, random: Random) -> OddSound:
    path.write_text("#EXTM3U\n" + "/etc/hostname\nhttp://127.0.0.1:9/song.wav\n" * int(random.integers(1, 5)))
    return OddSound(path, "a playlist called wav")


Maker = Callable[[Path, Random], OddSound]
_ODD: tuple[Maker, ...] = (
    _empty,
    _text,
    _not_numbers,
    lambda path, random: _wav(path, _noise(random, 1), int(random.choice(USUAL_RATES)), "one sample"),
    lambda path, random: _wav(path, _noise(random, int(random.integers(2, 40))), 44_100, "some samples"),
    lambda path, random: _wav(path, _noise(random, 3000, 32), 44_100, "32 channels"),
    lambda path, random: _wav(path, _noise(random, 300, int(random.integers(3, 64))), 48_000, "many channels"),
    lambda path, random: _wav(path, _noise(random, 30, 255), 48_000, "255 channels", known=False),
    lambda path, random: _wav(path, np.zeros((8000, 2)), 16_000, "silence"),
    lambda path, random: _wav(path, np.ones((8000, 1)), 16_000, "an offset"),
    lambda path, random: _wav(path, 1e4 * _noise(random, 8000), 16_000, "far above full scale"),
    lambda path, random: _wav(path, np.sign(_noise(random, 8000, 2)), 16_000, "full scale"),
    lambda path, random: _wav(path, 1e-38 * _noise(random, 8000), 16_000, "denormal numbers"),
    lambda path, random: _wav(path, np.eye(1, 8000, 4000).T, 16_000, "an impulse"),
    lambda path, random: _wav(path, _noise(random, 4000), int(random.choice([1, 7, 100, 999])), "a low rate", known=False),
    lambda path, random: _wav(path, _noise(random, 4000), int(random.choice([3000, 4000, 7999])), "below 8 kHz"),
    lambda path, random: _wav(path, _noise(random, 4000), int(random.choice([0, 2**31, 2**32 - 1])), "no rate", known=False),
    lambda path, random: _wav(path, _noise(random, 9000), int(random.choice([192_000, 384_000])), "a high rate"),
    lambda path, random: _wav(path, _noise(random, 4000), 16_000, "claims more", claimed_bytes=2**31, known=False),
    lambda path, random: _wav(path, _noise(random, 4000), 16_000, "claims nothing", claimed_bytes=0, known=False),
)
