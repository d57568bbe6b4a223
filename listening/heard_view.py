"""The analysis of a song as plain JSON values, for the page that draws it."""

from __future__ import annotations

from typing import Any

from ..audio.analysis.song_analysis import SongAnalysis


def heard_view(heard: SongAnalysis) -> dict[str, Any]:
    """Sections, beats, key and voice of a song; seconds to the millisecond.

    `bars` are indices into `beats`. `tempo_bpm`, `beats_per_bar` and `key` are None if there is none.
    """
    beats = heard.beats
    return {
        "song_seconds": _rounded(heard.duration_seconds),
        "tempo_bpm": None if heard.tempo is None else round(heard.tempo.bpm, 2),
        "beats_per_bar": None if beats is None else beats.beats_per_bar,
        "beats": [] if beats is None else [_rounded(each) for each in beats.seconds],
        "bars": [] if beats is None else list(beats.bars),
        "key": None if heard.key is None else heard.key.name,
        "sections": [
            {
                "start_seconds": _rounded(each.start_seconds),
                "end_seconds": _rounded(each.end_seconds),
                "label": each.label,
                "letter": each.letter,
                "level": each.level,
            }
            for each in heard.sections
        ],
        "voice": {
            "fraction": round(heard.voice.fraction, 3),
            "stretches": [
                {"start_seconds": _rounded(each.start_seconds), "end_seconds": _rounded(each.end_seconds), "kind": each.kind}
                for each in heard.voice.stretches
            ],
        },
    }


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
