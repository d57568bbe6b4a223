"""Analyses of songs that nobody has to hear, for tests of what is written from them."""

from __future__ import annotations

from audio_loop.audio.analysis.song_analysis import Section, SongAnalysis, Tempo, Voice, VoiceStretch
from audio_loop.loop_control.plan import make_plan


def analysed(sections, stretches=(), *, bpm=120.0, confidence=0.9):
    """An analysis of sections (start, label, letter, level), the last of which is (end,), and of voices (start, end, kind)."""
    *parts, (end,) = sections
    starts = [part[0] for part in parts] + [end]
    voice = Voice(tuple(VoiceStretch(*each) for each in stretches), 0.0, None, None, None, 0.0)
    made = tuple(
        Section(start, stop, label, letter, level, -14.0, voice.part(start, stop, "singing", "speech"), 2.0)
        for (start, label, letter, level), stop in zip(parts, starts[1:], strict=True)
    )
    tempo = Tempo(bpm, confidence, bpm / 2) if bpm else None
    return SongAnalysis(end, tempo, None, None, made, voice, (), ())


def planned(analysis, window=19.88, overlap=2.0, fps=25, **options):
    samples = round(analysis.duration_seconds * 16000)
    return make_plan(
        audio_samples=samples, sample_rate=16000, window_seconds=window, overlap_seconds=overlap, fps=fps, **options
    )


SONG = analysed(
    [
        (0.0, "intro", "A", "quiet"), (14.0, "verse", "B", "medium"), (46.0, "chorus", "C", "loud"),
        (78.0, "verse", "B", "medium"),
        (110.0, "chorus", "C", "loud"), (142.0, "bridge", "D", "quiet"), (160.0, "chorus", "C", "loud"),
        (192.0, "outro", "A", "quiet"),
        (205.0,),
    ],
    [(22.0, 45.0, "singing"), (46.0, 77.0, "singing"), (79.0, 109.0, "singing"), (110.0, 141.0, "singing"),
    (162.0, 191.0, "singing")],
)  # fmt: skip
INSTRUMENTAL = analysed(
    [
        (0.0, "intro", "A", "quiet"), (20.0, "instrumental", "B", "medium"), (60.0, "instrumental", "C", "loud"),
        (100.0, "outro", "A", "quiet"), (120.0,),
    ]
)  # fmt: skip
STANDUP = analysed(
    [(0.0, "speech", "A", "medium"), (90.0,)],
    [
        (0.0, 18.0, "speech"), (24.0, 33.0, "speech"), (33.0, 37.0, "crowd"), (38.0, 54.0, "speech"), (56.0, 73.0, "crowd"),
        (74.0, 88.0, "speech"),
    ],
    bpm=None,
)  # fmt: skip
DIALOGUE = analysed(
    [(0.0, "speech", "A", "quiet"), (30.0, "speech", "B", "loud"), (75.0,)],
    [(0.0, 18.0, "speech"), (38.0, 75.0, "speech")],
    bpm=None,
)
RAP = analysed(
    [(0.0, "intro", "A", "quiet"), (19.0, "verse", "B", "loud"), (70.0, "outro", "C", "medium"), (90.0,)],
    [(20.0, 70.0, "speech")],
)
BALLAD = analysed(
    [
        (0.0, "intro", "A", "quiet"), (18.0, "verse", "B", "quiet"), (58.0, "chorus", "C", "medium"),
        (92.0, "verse", "B", "quiet"), (128.0, "chorus", "C", "loud"), (165.0, "outro", "A", "quiet"), (190.0,),
    ],
    [(20.0, 56.0, "singing"), (58.0, 91.0, "singing"), (94.0, 127.0, "singing"), (128.5, 171.0, "singing")],
    bpm=68.0,
)  # fmt: skip
DUET = analysed(
    [(0.0, "verse", "A", "medium"), (36.0, "chorus", "B", "loud"), (74.0, "verse", "A", "medium"), (112.0,)],
    [(1.0, 35.0, "singing"), (36.0, 73.0, "singing"), (75.0, 104.0, "singing")],
    bpm=132.0,
)
PODCAST = analysed(
    [(0.0, "speech", "A", "medium"), (60.0, "speech", "B", "quiet"), (130.0,)],
    [(0.0, 50.0, "speech"), (66.0, 128.0, "speech")],
    bpm=None,
)
