"""The analysis of a part of a song, from that of the whole."""

from __future__ import annotations

import math
from dataclasses import replace

from .song_analysis import Beats, Section, SongAnalysis, Voice, VoiceStretch

SLIVER_SECONDS = 2.0
"""A section that a cut leaves less of counts no more: nobody cuts a song to the tenth of a second."""


def cut(analysis: SongAnalysis, start_seconds: float, stop_seconds: float) -> SongAnalysis:
    """The analysis of `[start, stop)` of a song, its seconds counted from the cut.

    Tempo, key and pitch stay those of the whole song, which tells them better than a part.

    Raises:
        ValueError: The part is empty or does not lie within the song.
    """
    if not 0 <= start_seconds < stop_seconds <= analysis.duration_seconds:
        raise ValueError(f"[{start_seconds}, {stop_seconds}) s is no part of a song of {analysis.duration_seconds} s")
    if (start_seconds, stop_seconds) == (0, analysis.duration_seconds):
        return analysis
    length = stop_seconds - start_seconds
    onsets = _moved(analysis.onset_seconds, start_seconds, length)
    voice = _voice(analysis.voice, start_seconds, length)
    first_second = min(round(start_seconds), max(0, len(analysis.level_db) - 1))
    return replace(
        analysis,
        duration_seconds=length,
        beats=_beats(analysis.beats, start_seconds, length),
        sections=_sections(analysis.sections, start_seconds, length, voice, onsets),
        voice=voice,
        level_db=analysis.level_db[first_second : first_second + math.ceil(length)],
        onset_seconds=onsets,
    )


def _moved(seconds: tuple[float, ...], start: float, length: float) -> tuple[float, ...]:
    return tuple(each - start for each in seconds if 0 <= each - start < length)


def _beats(beats: Beats | None, start: float, length: float) -> Beats | None:
    if beats is None:
        return None
    kept = [index for index, each in enumerate(beats.seconds) if 0 <= each - start < length]
    if not kept:
        return None
    bars = tuple(index - kept[0] for index in beats.bars if kept[0] <= index <= kept[-1])
    return replace(beats, seconds=tuple(beats.seconds[index] - start for index in kept), bars=bars)


def _voice(voice: Voice, start: float, length: float) -> Voice:
    moved = (
        (max(0.0, each.start_seconds - start), min(length, each.end_seconds - start), each.kind) for each in voice.stretches
    )
    stretches = tuple(VoiceStretch(*each) for each in moved if each[0] < each[1])
    own = replace(voice, stretches=stretches)
    return replace(own, fraction=own.part(0.0, length, "singing", "speech"))


def _sections(
    sections: tuple[Section, ...], start: float, length: float, voice: Voice, onsets: tuple[float, ...]
) -> tuple[Section, ...]:
    kept: list[tuple[float, float, Section]] = []
    for each in sections:
        begins, ends = max(0.0, each.start_seconds - start), min(length, each.end_seconds - start)
        is_cut = begins != each.start_seconds - start or ends != each.end_seconds - start
        if begins >= ends or (is_cut and ends - begins < SLIVER_SECONDS):
            continue
        kept.append((begins, ends, each))
    if not kept:
        # The part lies within slivers: the section that covers its middle is all of it.
        middle = start + length / 2
        whole = next(each for each in sections if middle < each.end_seconds)
        kept = [(0.0, length, whole)]
    kept[0] = (0.0, *kept[0][1:])
    kept[-1] = (kept[-1][0], length, kept[-1][2])
    letters: dict[str, str] = {}
    for _, _, each in kept:
        letters.setdefault(each.letter, chr(ord("A") + len(letters)))
    return tuple(
        replace(
            each,
            start_seconds=begins,
            end_seconds=ends,
            letter=letters[each.letter],
            voice_fraction=voice.part(begins, ends, "singing", "speech"),
            onsets_per_second=sum(begins <= onset < ends for onset in onsets) / (ends - begins),
        )
        for begins, ends, each in kept
    )
