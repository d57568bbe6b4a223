"""A report in which everything is as it should be."""

from __future__ import annotations

from audio_loop.audio.sound_report.sound_report import Silence, SoundReport

FINE = SoundReport(
    duration_seconds=20.0,
    sample_rate=44_100,
    channel_levels_db=(-20.0, -20.5),
    mono_level_db=-21.0,
    loudness_lufs=-16.0,
    true_peak_dbtp=-2.0,
    band_levels_db=(-24.0, -22.0, -26.0, -28.0, -34.0),
    level_by_second_db=(-21.0,) * 20,
    level_range_db=18.0,
    hushed_fraction=0.0,
    band_limit_hz=None,
    noise=None,
    clipping=None,
    silence=Silence(0.1, 0.2, 0.4, 7.0, is_all=False),
    dc_offset=0.0,
    not_finite=0,
    not_finite_at_seconds=None,
)
