"""The loudness of a long compressed song, heard in short pieces: its packets are all counted, and few of them decoded.

A decoder takes minutes of sound a second, so hours of them last; counting packets takes a hundredth of that. Whoever
shows this says that it is of samples, until the whole song is read.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from ..audio.reading.sound_file import LONGEST_SECONDS, open_sound, refuse_endless
from .song_peaks import SongPeaks, frame_extremes

LONG_SECONDS = 600
"""A song that claims to be shorter is read whole before any decoder has cost a second."""

MOST_PIECES = 1024
"""About as many as a page shows; each second has one at most."""

PIECE_SECONDS = Fraction(1, 20)
"""The part of each stretch that is heard."""

LEAD_SECONDS = Fraction(2, 25)
"""Sound in front of a piece that a decoder needs before it is right: Opus the most, four packets."""


def read_overview(path: Path) -> SongPeaks | None:
    """The peaks of a short piece at the beginning of each stretch of a song; None if the song is read whole as quickly.

    Raises:
        SongError: The file has no sound, cannot be read, or is longer than `LONGEST_SECONDS`.
        OSError: It is missing, unreadable or no regular file.
    """
    with open_sound(path) as (container, stream):
        claimed_seconds = None if container.duration is None else container.duration / av.time_base
        needs_no_decoder = stream.codec_context.name.startswith("pcm_")
        if needs_no_decoder or (claimed_seconds is not None and claimed_seconds < LONG_SECONDS):
            return None
        every_seconds = max(1, math.ceil((claimed_seconds or 0) / MOST_PIECES))
        return _pieces_of(path.name, container, stream, every_seconds)


def _pieces_of(
    name: str, container: av.container.InputContainer, stream: av.AudioStream, every_seconds: int
) -> SongPeaks | None:
    decoder, rate = stream.codec_context, int(stream.codec_context.sample_rate)
    per_unit = (stream.time_base or Fraction(1, rate)) * rate
    # Whole numbers: a fraction for each of half a million packets would cost more than the packets.
    top, bottom = per_unit.numerator, per_unit.denominator
    lead, piece = int(LEAD_SECONDS * rate), int(PIECE_SECONDS * rate)
    stretch = every_seconds * rate
    heard: dict[int, list[tuple[int, int]]] = {}
    units = at = unheard = left = number = next_at = 0
    for packet in container.demux(stream):
        if not packet.size:
            continue
        duration = packet.duration or 0
        samples = duration * top // bottom
        if left <= 0 and at >= next_at:
            refuse_endless(name, at, rate, LONGEST_SECONDS)
            number = at // stretch
            heard[number], next_at = [], (number + 1) * stretch
            # Long packets are those of codecs whose packets do not need each other.
            unheard = 0 if samples >= lead else lead
            left = unheard + piece
            decoder.flush_buffers()
        if left > 0:
            extremes = _decoded(decoder, packet)
            if unheard <= 0:
                heard[number] += extremes
            unheard, left = unheard - samples, left - samples
        units += duration
        at = units * top // bottom
    refuse_endless(name, at, rate, LONGEST_SECONDS)
    if not units:
        # Its packets do not tell how long they are.
        return None
    low, high = np.zeros((2, -(-at // stretch)), np.int8)
    for index, extremes in heard.items():
        if extremes:
            low[index], high[index] = min(each[0] for each in extremes), max(each[1] for each in extremes)
    return SongPeaks(rate, at, stretch, low, high, is_sampled=True)


def _decoded(decoder: av.AudioCodecContext, packet: av.Packet[av.AudioStream]) -> list[tuple[int, int]]:
    """Extremes of the frames of a packet; none if it needs packets that were left out."""
    try:
        return [frame_extremes(frame) for frame in decoder.decode(packet)]
    except av.error.FFmpegError:
        return []
