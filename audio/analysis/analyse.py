"""A song heard once, from beginning to end, by everybody who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..reading.mono import heard_at
from ..reading.song_source import SongSource
from .beats import beats_of
from .chroma import ChromaListener
from .framing import LISTENING_HZ, Listener, Samples
from .key import key_of
from .level import LevelListener
from .onsets import OnsetListener
from .sections import sections_of
from .song_analysis import SongAnalysis, Voice
from .tempo import tempo_of
from .voice import VoiceListener

OnProgress = Callable[[float], None]
"""Is told how many seconds were heard. What it raises ends the analysis."""


def analyse_song(
    source: SongSource, *, voice_source: SongSource | None = None, on_progress: OnProgress | None = None
) -> SongAnalysis:
    """Everything that is heard in a song, in the memory of a few numbers for each 10 ms.

    Args:
        source: The song.
        voice_source: A stem of nothing but its voices, which tells better where somebody sings; None for the song itself.
        on_progress: Told the seconds that were heard, of the stem after the song.

    Raises:
        SongError: A file is damaged, or a sample is no number.
    """
    stem = None if voice_source is None else heard_at(voice_source, LISTENING_HZ)
    return analyse(heard_at(source, LISTENING_HZ), stem, on_progress)


def analyse(
    pieces: Iterable[Samples], stem: Iterable[Samples] | None = None, on_progress: OnProgress | None = None
) -> SongAnalysis:
    """The same of samples (N,) at `LISTENING_HZ`, one channel, that come in pieces."""
    onsets, chroma, level, voice = OnsetListener(), ChromaListener(), LevelListener(), VoiceListener(stem is not None)
    listeners: list[Listener] = [onsets, chroma, level, *([voice] if stem is None else [])]
    samples = 0
    for piece in pieces:
        for listener in listeners:
            listener.add(piece)
        samples += len(piece)
        if on_progress is not None:
            on_progress(samples / LISTENING_HZ)
    duration = samples / LISTENING_HZ
    heard_voice = voice.result() if stem is None else _of_stem(stem, voice, duration, on_progress)
    begins, notes = onsets.result(), chroma.result()
    tempo = tempo_of(begins.flux)
    beats = None if tempo is None else beats_of(begins, tempo, notes)
    levels, onset_seconds = level.result(), begins.seconds()
    return SongAnalysis(
        duration_seconds=duration,
        tempo=None if beats is None else tempo,
        beats=beats,
        key=key_of(notes),
        sections=sections_of(duration, notes, begins.bands_db, beats, heard_voice, levels, onset_seconds),
        voice=heard_voice,
        level_db=levels,
        onset_seconds=onset_seconds,
    )


def _of_stem(stem: Iterable[Samples], voice: VoiceListener, duration: float, on_progress: OnProgress | None) -> Voice:
    """The voice of a stem, in the times of the song: a longer one is cut to it, a shorter one is silent from there on."""
    samples, most = 0, round(duration * LISTENING_HZ)
    for piece in stem:
        voice.add(piece[: max(0, most - samples)])
        samples = min(most, samples + len(piece))
        if on_progress is not None:
            on_progress(duration + samples / LISTENING_HZ)
    heard, part = voice.result(), min(1.0, samples / max(1, most))
    return replace(heard, fraction=heard.fraction * part, voiced_fraction=heard.voiced_fraction * part)
