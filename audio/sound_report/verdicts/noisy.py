"""A noise that never stops."""

from __future__ import annotations

from ..sound_report import SoundReport
from ..verdict import Verdict

LEAST_SNR_DB = 20.0
"""Quiet consonants lie about 20 dB below the vowels."""


def noisy(report: SoundReport) -> Verdict | None:
    """Compares it with everything else."""
    noise = report.noise
    if noise is None or noise.snr_db >= LEAST_SNR_DB:
        return None
    return Verdict(
        "noisy",
        "warning",
        f"a noise that never stops lies {noise.snr_db:.0f} dB below everything else; it should be {LEAST_SNR_DB:.0f} dB",
        "quiet consonants drown, and the mouth does not close in pauses",
        "take the noise away with a denoiser, or drive the mouth with a separated voice (Mel-Band RoFormer) and keep the "
        "original for the video; an equaliser does not help",
    )
