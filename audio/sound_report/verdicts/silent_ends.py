"""Silence before and after the song."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import SONG, Verdict

MOST_SECONDS = 3.0


def silent_ends(report: SoundReport) -> Verdict | None:
    """Long ones are rendered too."""
    silence = report.silence
    if max(silence.leading_seconds, silence.trailing_seconds) <= MOST_SECONDS:
        return None
    leading, trailing = silence.leading_seconds, silence.trailing_seconds
    parts = [f"the first {leading:.1f} s"] if leading > MOST_SECONDS else []
    parts += [f"the last {trailing:.1f} s"] if trailing > MOST_SECONDS else []
    trims = [f"--trim-start {max(leading - 0.5, 0):.1f}"] if leading > MOST_SECONDS else []
    trims += [f"--trim-end {report.duration_seconds - trailing + 0.5:.1f}"] if trailing > MOST_SECONDS else []
    return Verdict(
        "silent ends",
        "hint",
        f"{' and '.join(parts)} are silent; more than {MOST_SECONDS:.0f} s is time that is rendered and shows nothing",
        "a still picture there",
        f"python scripts/preprocess_audio_for_ltx.py {SONG} prepared.wav --preset off {' '.join(trims)}, or trim it",
    )
