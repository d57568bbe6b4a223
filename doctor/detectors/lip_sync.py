"""The mouth comes later or earlier than the voice, or does not follow it at all."""

from __future__ import annotations

import math

from ...watching.watched_video import CELL_COLUMNS, CELL_ROWS
from ..case import Case
from ..hearing.following import FollowedStretch, Following, following
from ..hearing.heard_sound import HeardSound
from ..hearing.noticed import DETECTED, size_in_words
from ..hearing.of_case import beside_song, sound_of
from ..hearing.speaking_region import LEAST_LIVELY, SpeakingRegion, speaking_region
from ..seen import Curve, Figure, Seen, Stretch, Symptom

FOLLOWS = 7.0
"""Deviations above shuffled sound: what does not follow stays below 5.5, in videos with music, and with other words."""

FOLLOWS_SURELY = 10.0
"""From so many on a lag is told whatever it is that follows; below only if it looks like a mouth: what sways to the beat
goes with the music some beats later."""

MOVES_ALONG = 0.3
"""Correlation of the motion alone from which on a lag is told: a mouth that opens moves, while what drifts through the picture
changes its light, now and then with the voice. Mouths stand above 0.45, the rest stays below 0.2."""

FOLLOWS_WEAKLY = 4.0
"""At no shift by chance; a mouth that is covered for a while may do no better."""

NOTHING_FOLLOWS = 2.0
"""Strength if no mouth follows: seen at once, but what moves may be no mouth."""

LEAST_VOICE_SECONDS = 3.0

_SOURCE = (
    "measured on synthetic footage: what does not follow the voice stays below 5.5, mouths that do lie above 10; "
    "what does not look like a mouth must reach 10, for dancers follow the music, too"
)
_MEANING = "how far the motion of some cell follows the voice, in deviations above the same sound shuffled"
_MEANING_OF_LAG = "by how much the mouth comes later than the voice, by the video's own sound; below 0 it is earlier"
_MEANING_OF_DRIFT = "by how much the lag grows in a minute"
_SOURCE_OF_REGION = "measured on synthetic footage: mouths lie above 5; beside singing 10 are asked for, since music is like it"
_MEANING_OF_REGION = "how much the liveliest small part of the middle comes and goes, times the middle of all cells"
_DRIFT_STRETCHES = 3


def look(case: Case) -> Seen:
    """Compares the motion of cells with the sound of the voice, see `hearing.following`."""
    sound = sound_of(case)
    if isinstance(sound, str):
        return _not_measured(sound)
    if _seconds(sound, ("singing", "speech")) < LEAST_VOICE_SECONDS:
        return _not_measured("no voice is heard")
    found = following(case.video, sound)
    if found is None:
        return _not_measured("the video is too short to compare it with shuffled sound")
    region = speaking_region(case.video)
    is_speech = _seconds(sound, ("speech",)) >= LEAST_VOICE_SECONDS
    is_of_mouth = region is not None and region.is_mouth_like(is_speech)
    if found.strength >= (FOLLOWS if is_of_mouth else FOLLOWS_SURELY) and found.moves >= MOVES_ALONG:
        return _in_time_or_not(case, found, region)
    figures = _figures(found, region, not_measured="nothing follows the voice clearly")
    is_weakly_in_time = found.strength >= FOLLOWS_WEAKLY and abs(found.late_ms) <= DETECTED.early_ms
    if region is None or not region.is_mouth_like(is_speech) or is_weakly_in_time:
        return Seen(figures)
    return Seen(figures, (_does_not_follow(case, found, region),))


def _seconds(sound: HeardSound, kinds: tuple[str, ...]) -> float:
    return sum(each.end_seconds - each.start_seconds for each in sound.voice if each.kind in kinds)


def _in_time_or_not(case: Case, found: Following, region: SpeakingRegion | None) -> Seen:
    sure = [each for each in found.stretches if each.strength >= FOLLOWS]
    slope = _slope(sure)
    minutes = case.video.duration_seconds / 60
    half = (slope or 0.0) * minutes / 2
    # A mouth that is late is a sound that is early.
    sound_late = max((-found.late_ms + half, -found.late_ms - half), key=DETECTED.times)
    beside = beside_song(case)
    moved = 0.0 if isinstance(beside, str) or not beside.is_same else beside.late_ms_at(30 * minutes)
    unexplained = sound_late - moved
    figures = _figures(found, region, found.late_ms, slope, sound_late)
    curve = _curve(sure)
    surely = _nearer(sound_late, unexplained, found.error_ms)
    if not all(DETECTED.times(late) >= 1 and late * sound_late > 0 for late in surely):
        return Seen(figures, (), curve)
    late_ms = -sound_late
    words = f"The mouth comes {size_in_words(late_ms)} {'later' if late_ms > 0 else 'earlier'} than the voice."
    if moved and abs(moved) > found.error_ms:
        words = f"{words[:-1]}; {size_in_words(moved)} of it is the sound's own offset from the song."
    facts = [("lag_ms", found.late_ms), ("unexplained_lag_ms", -unexplained)]
    if slope is not None:
        facts.append(("lag_ms_per_minute", slope))
    strength = min(DETECTED.times(sound_late), DETECTED.times(unexplained))
    stretches = tuple(_stretch(case, each) for each in sorted(sure, key=lambda each: -each.strength))
    names = ("lip_lag_ms", "lip_follows")
    return Seen(figures, (Symptom("lip_sync", strength, words, stretches, names, tuple(facts)),), curve)


def _nearer(sound_late: float, unexplained: float, error_ms: float) -> tuple[float, float]:
    """Both offsets, nearer to 0 by what they may be wrong."""
    one, other = (math.copysign(max(0.0, abs(each) - error_ms), each) for each in (sound_late, unexplained))
    return one, other


def _does_not_follow(case: Case, found: Following, region: SpeakingRegion) -> Symptom:
    row, column = region.cell
    words = (
        f"The mouth does not follow the voice: something at row {row + 1} of {CELL_ROWS}, column {column + 1} of "
        f"{CELL_COLUMNS} moves as a mouth does, but neither it nor anything else goes with the sound."
    )
    facts = (("follows", found.strength), ("row", float(row)), ("column", float(column)))
    stretches = tuple(_stretch(case, each) for each in sorted(found.stretches, key=lambda each: each.strength))
    return Symptom("lip_sync", NOTHING_FOLLOWS, words, stretches, ("lip_follows", "speaking_region"), facts)


def _slope(sure: list[FollowedStretch]) -> float | None:
    """Milliseconds by which the lag grows in a minute; None if too few stretches tell."""
    if len(sure) < _DRIFT_STRETCHES:
        return None
    from scipy.stats import theilslopes

    minutes = [(each.start_seconds + each.end_seconds) / 120 for each in sure]
    return float(theilslopes([each.late_ms for each in sure], minutes)[0])


def _stretch(case: Case, part: FollowedStretch) -> Stretch:
    middle = (part.start_seconds + part.end_seconds) / 2
    return Stretch(part.start_seconds, part.end_seconds, case.window_at(round(middle * float(case.video.fps))))


def _curve(sure: list[FollowedStretch]) -> tuple[Curve, ...]:
    seconds = tuple((each.start_seconds + each.end_seconds) / 2 for each in sure)
    return (Curve("Mouth against the voice", "ms later", seconds, tuple(each.late_ms for each in sure), DETECTED.early_ms),)


def _figures(
    found: Following | None,
    region: SpeakingRegion | None,
    lag_ms: float | None = None,
    slope: float | None = None,
    sound_late_ms: float = -1.0,
    not_measured: str = "",
) -> tuple[Figure, ...]:
    no_slope = not_measured or ("" if slope is not None else f"fewer than {_DRIFT_STRETCHES} stretches tell it")
    no_region = not_measured if found is None else "" if region is not None else "the video is too short, or has too few frames"
    lively = None if region is None else region.lively
    follows, why = (found.strength, "") if found is not None else (None, not_measured)
    return (
        Figure("lip_follows", follows, "deviations", FOLLOWS, _SOURCE, _MEANING, why),
        Figure("lip_lag_ms", lag_ms, "ms", -DETECTED.limit_ms(sound_late_ms), DETECTED.source, _MEANING_OF_LAG, not_measured),
        Figure("lip_lag_ms_per_minute", slope, "ms per minute", None, "", _MEANING_OF_DRIFT, no_slope),
        Figure("speaking_region", lively, "times", LEAST_LIVELY, _SOURCE_OF_REGION, _MEANING_OF_REGION, no_region),
    )


def _not_measured(why: str) -> Seen:
    return Seen(_figures(None, None, not_measured=why))
