"""Thresholds and other figures of docs/doctor.md are those of the detectors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.analysis.onsets import FRAMES_PER_SECOND
from audio_loop.audio.sound_report.bands import PRESENCE, SIBILANCE
from audio_loop.audio.sound_report.verdicts.dull import LOWEST_LIMIT_HZ, MOST_GAP_DB
from audio_loop.doctor import findings
from audio_loop.doctor.detectors import (
    colour_drift,
    contrast_drift,
    dull_audio,
    identity_drift,
    lip_sync,
    schedule_timing,
    sharpness_drift,
    style_drift,
)
from audio_loop.doctor.drift import pairs, parts, trend, verdict
from audio_loop.doctor.hearing import (
    fine_match,
    following,
    heard_sound,
    noticed,
    rough_match,
    sound_beside_song,
    speaking_region,
)
from audio_loop.loop_control.units import SPATIAL_STEP_PX
from audio_loop.watching import place_changes, watched_video
from audio_loop.workflow_graph.audit.rules.preprocess_compression import TRAINED

from .phrases import check, told, word

ALLOWED, DETECTED = noticed.ALLOWED, noticed.DETECTED
SONG = noticed.SONG_MINUTES


def counted_out() -> int:
    """The most pieces for which the chance of a rank order is exact."""
    return max(n for n in range(3, 30) if trend.rank_chance(np.arange(float(n))) == pytest.approx(2 / math.factorial(n), abs=0))


def fewest_windows() -> int:
    """The fewest windows for which a drift that is gone behind each join is told."""

    def back(count: int) -> float:
        pieces = [parts.DriftPiece(100 * k, 100 * k + 100, k, 0) for k in range(count)]
        frames = np.arange(0, 100 * count, 10)
        return trend.trend_of(frames, (frames % 100).astype(float), pieces, 25.0).back_at_joins

    return next(count for count in range(1, 9) if back(count))


DRIFTS = [
    ("equal parts if there are fewer than {};", word(parts.LEAST_PIECES)),
    ("without one they are about {:g} s long", parts.PIECE_SECONDS),
    ("looked at {} a second,", {1: "once", 2: "twice"}[watched_video.SAMPLES_PER_SECOND]),
    (" {} pixels wide", watched_video.SAMPLE_LONG_EDGE_PX),
    ("counted out for up to {} pieces", word(counted_out())),
    ("Above {:g} there is no symptom", trend.CHANCE),
    ("makes more than {:.0f} % of the change", 100 * trend.AT_ONCE),
    (
        " {} regions of it are compared without the {:.0f} % of pixels",
        word(pairs.REGION_ROWS * pairs.REGION_COLUMNS),
        100 * pairs.MOVING,
    ),
    ("if at least {} windows show it", word(fewest_windows())),
    ("Videos of less than {:g} s have no drift", verdict.SHORTEST_SECONDS),
    ("as whole pictures show it, too | {:g} dE |", colour_drift.NOTICED),
    ("lightness of the same content | {:g} % |", contrast_drift.NOTICED_PERCENT),
    ("picture of the same moment | {:g} % |", sharpness_drift.NOTICED_PERCENT),
    (
        "a log ratio of {:g} and {:g} % of the picture, both",
        style_drift.TEXTURE_NOTICED,
        style_drift.PLAIN_NOTICED_PERCENT,
    ),
    ("the smallest one | {:g} dE |", identity_drift.NOTICED),
    ("alike in {} fifths of the picture", word(contrast_drift.SHARED_PERCENT / 20)),
    ("as much as {} its measure explains", {2: "twice"}[pairs.ZOOM_TIMES]),
    ("it must be shown for {:g} s.", verdict.SHORTEST_SECONDS),
]

SOUND = [
    ("song once each, at {:g} kHz;", LISTENING_HZ / 1000),
    ("longer than {} an hour the", {0.5: "half"}[heard_sound.MOST_SAMPLES / LISTENING_HZ / 3600]),
    ("sound is at the first frame | {:g} ms early, {:g} ms late |", ALLOWED.early_ms, ALLOWED.late_ms),
    ("than the {:g} and {:g} ms that viewers detect", DETECTED.early_ms, DETECTED.late_ms),
    ("grows in a minute | {:g} ms early, {:g} ms late a minute |", ALLOWED.early_ms / SONG, ALLOWED.late_ms / SONG),
    ("or after {} minutes if the video is shorter", word(SONG)),
    ("the mouth is | {:g} ms later, {:g} ms earlier;", DETECTED.early_ms, DETECTED.late_ms),
    ("what {:g} to {:g} kHz lost against the song", SIBILANCE.low_hz / 1000, SIBILANCE.high_hz / 1000),
    (
        "of a voice | {:g} dB lost; {:g} dB with an edge of {:g} dB at {:g} kHz, or {:g} dB; nothing above {:g} kHz |",
        dull_audio.MOST_LOST_DB,
        MOST_GAP_DB,
        dull_audio.STEEPEST_DB,
        PRESENCE.high_hz / 1000,
        dull_audio.SILENT_GAP_DB,
        LOWEST_LIMIT_HZ / 1000,
    ),
    ("later than written a line is seen | {:g} s, or never |", schedule_timing.NOTICED_SECONDS),
    ("| half a bar at {:g} beats a minute |", 60 * 2 / schedule_timing.NOTICED_SECONDS),
    (
        "What begins when, in {} groups of bands, {} times a second",
        word(heard_sound.GROUPS),
        FRAMES_PER_SECOND,
    ),
    ("Then {} pieces of {} seconds are compared", fine_match.PIECES, word(fine_match.PIECE_SECONDS)),
    ("and rates up to {:.0f} % off", 100 * max(map(abs, rough_match.SPEEDS))),
    ("of whose pieces fewer than {:.0f} % lie on one line", 100 * sound_beside_song._ON_LINE),
    ("voice ({:g} Hz to {:g} kHz) and", heard_sound._VOICE_HZ[0], heard_sound._VOICE_HZ[1] / 1000),
    ("shifts of more than {} seconds are shuffled", word(following._SHUFFLED_SECONDS)),
    ("the best one within {:g} s is told", following.REACH_SECONDS),
    ("so below {:g} a lag is told only", lip_sync.FOLLOWS_SURELY),
    ("(cells correlate by less than {:g})", place_changes.ALIKE),
    ("to quite another place (below {:g})", schedule_timing._ANOTHER_PLACE),
    ("only what moves {} times as much as all else", word(speaking_region.LEAST_LIVELY_SINGING)),
    ("grows within less than {:g} s is one lag", lip_sync._DRIFT_STRETCHES * following._STRETCH_SECONDS),
]

ROUTES = [("and of a folder the {} newest.", findings.MOST_READ)]


CURES = [
    ("img_compression of LTXV Preprocess to {} (35", TRAINED),
    ("set width and height to multiples of {};", 2 * SPATIAL_STEP_PX),
]

FIGURES = told("docs/doctor.md", DRIFTS + SOUND + ROUTES + CURES)


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_page_are_those_of_the_doctor(figure):
    check(figure)
