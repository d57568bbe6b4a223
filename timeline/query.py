"""The requests of a page, read from their text: each value checked and bounded before anything is computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..loop_control.errors import PlanError
from ..loop_control.plan import LastWindow, LoopPlan, Order, make_plan
from ..loop_control.rates import read_number
from ..loop_control.window_order import IN_TURN, ORDERS

MOST_COLUMNS = 16_384
MOST_WINDOWS = 20_000
LONGEST_SONG_SECONDS = 12 * 3600
LONGEST_NUMBER = 40
LONGEST_NAME = 1024
UNREAD_SONG_HZ = 48_000
"""Samples per second of a song of which only the length is told."""

PLAN_NAMES = frozenset({"audio", "song_seconds", "start_seconds", "duration_seconds"}) | frozenset(
    {"window_seconds", "overlap_seconds", "fps", "last_window", "max_iterations", "order"}
)
PEAKS_NAMES = frozenset({"audio", "columns", "from_seconds", "to_seconds"})
HEARD_NAMES = frozenset({"audio", "start_seconds", "duration_seconds", "listen"})


class QueryError(ValueError):
    """A request that cannot be answered; the message says what to ask instead."""


@dataclass(frozen=True)
class PlanQuery:
    """The settings of a planner, and the song it is for.

    Attributes:
        audio: Name of the song as Load Audio has it, None if only `song_seconds` is told.
        song_seconds: Length of the song, if there is no name.
        start_seconds: Where the song is cut from; below 0 it counts from the end.
        duration_seconds: Length that the cut leaves, None for all that follows.
    """

    audio: str | None
    song_seconds: Fraction | None
    start_seconds: Fraction
    duration_seconds: Fraction | None
    window_seconds: Fraction
    overlap_seconds: Fraction
    fps: str
    last_window: LastWindow
    max_iterations: int
    order: Order


@dataclass(frozen=True)
class PeaksQuery:
    """A stretch of a song and the number of columns to show it in; None for the song's own start or end."""

    audio: str
    columns: int
    from_seconds: Fraction | None
    to_seconds: Fraction | None


@dataclass(frozen=True)
class HeardQuery:
    """A song and how it is cut, as in `PlanQuery`; `listens` if it is to be listened to unless that was done before."""

    audio: str
    start_seconds: Fraction
    duration_seconds: Fraction | None
    listens: bool


def read_plan_query(query: Mapping[str, str]) -> PlanQuery:
    """Reads the query of a plan.

    Raises:
        QueryError: A name is unknown or missing, or a value is no number or out of bounds.
    """
    _refuse_unknown(query, PLAN_NAMES)
    audio = _name(query)
    song_seconds = _number(query, "song_seconds")
    if (audio is None) == (song_seconds is None):
        raise QueryError("give either audio, the name of a song, or song_seconds, its length")
    if song_seconds is not None and not 0 < song_seconds <= LONGEST_SONG_SECONDS:
        raise QueryError(f"song_seconds is above 0 and at most {LONGEST_SONG_SECONDS}")
    return PlanQuery(
        audio=audio,
        song_seconds=song_seconds,
        start_seconds=_number(query, "start_seconds") or Fraction(0),
        duration_seconds=_number(query, "duration_seconds"),
        window_seconds=_required(query, "window_seconds"),
        overlap_seconds=_required(query, "overlap_seconds"),
        fps=_short(query, "fps", _needed(query, "fps")),
        last_window=_last_window(query),
        max_iterations=_whole(query, "max_iterations", 0, 100_000, "0"),
        order=_order(query),
    )


def read_peaks_query(query: Mapping[str, str]) -> PeaksQuery:
    """Reads the query of a song's peaks.

    Raises:
        QueryError: A name is unknown or missing, or a value is no number or out of bounds.
    """
    _refuse_unknown(query, PEAKS_NAMES)
    return PeaksQuery(
        audio=_needed_name(query),
        columns=_whole(query, "columns", 1, MOST_COLUMNS),
        from_seconds=_number(query, "from_seconds"),
        to_seconds=_number(query, "to_seconds"),
    )


def read_heard_query(query: Mapping[str, str]) -> HeardQuery:
    """Reads the query of what is heard in a song.

    Raises:
        QueryError: A name is unknown or missing, or a value is no number or out of bounds.
    """
    _refuse_unknown(query, HEARD_NAMES)
    return HeardQuery(
        audio=_needed_name(query),
        start_seconds=_number(query, "start_seconds") or Fraction(0),
        duration_seconds=_number(query, "duration_seconds"),
        listens=_whole(query, "listen", 0, 1, "1") == 1,
    )


def plan_of(query: PlanQuery, samples: int, sample_rate: int) -> LoopPlan:
    """The plan for a song of this length, cut as the query says.

    Raises:
        QueryError: The cut leaves nothing, or the windows are more than a page can show.
        PlanError: No plan can be made from the values.
    """
    start, stop = cut_samples(query.start_seconds, query.duration_seconds, samples, sample_rate)
    plan = make_plan(
        audio_samples=stop - start,
        sample_rate=sample_rate,
        window_seconds=query.window_seconds,
        overlap_seconds=query.overlap_seconds,
        fps=query.fps,
        max_iterations=query.max_iterations,
        last_window=query.last_window,
        order=query.order,
    )
    if plan.iterations >= MOST_WINDOWS:
        raise QueryError(
            f"the song would have {plan.iterations + 1} windows, and at most {MOST_WINDOWS} are shown; make them longer"
        )
    return plan


def plan_of_length(query: PlanQuery) -> LoopPlan:
    """The plan for a song of which only the length is told; errors as `plan_of`."""
    return plan_of(query, math.floor((query.song_seconds or 0) * UNREAD_SONG_HZ), UNREAD_SONG_HZ)


def cut_samples(start_seconds: Fraction, duration_seconds: Fraction | None, samples: int, sample_rate: int) -> tuple[int, int]:
    """Samples `[start, stop)` that ComfyUI's Trim Audio Duration would leave, which rounds as here.

    Args:
        start_seconds: Where it begins; below 0 it counts from the end.
        duration_seconds: How much it leaves, None for all that follows.
        samples: Length of the song.
        sample_rate: Of the song.

    Raises:
        QueryError: Nothing is left.
    """
    at = round(start_seconds * sample_rate)
    start = max(0, min(at + samples if start_seconds < 0 else at, samples))
    stop = samples
    if duration_seconds is not None:
        stop = max(0, min(start + round(duration_seconds * sample_rate), samples))
    if start >= stop:
        raise QueryError("start_seconds and duration_seconds leave nothing of the song; the start lies within it")
    return start, stop


def stretch_of(query: PeaksQuery, song_seconds: Fraction) -> tuple[Fraction, Fraction]:
    """The seconds `[start, stop)` that are asked for, within the song.

    Raises:
        QueryError: They hold nothing of the song.
    """
    start = max(Fraction(0), query.from_seconds or Fraction(0))
    stop = song_seconds if query.to_seconds is None else min(query.to_seconds, song_seconds)
    if start >= stop:
        raise QueryError(f"from_seconds lies before to_seconds, and both within the song's {float(song_seconds):.3f} s")
    return start, stop


def _refuse_unknown(query: Mapping[str, str], known: frozenset[str]) -> None:
    unknown = sorted(name[:LONGEST_NUMBER] for name in query.keys() - known)
    if unknown:
        raise QueryError(f"{unknown[0]!r} is not asked for here; what can be asked: {', '.join(sorted(known))}")


def _name(query: Mapping[str, str]) -> str | None:
    name = query.get("audio")
    if name is not None and (not name or len(name) > LONGEST_NAME or "\0" in name):
        raise QueryError(f"audio is the name of a song, with 1 to {LONGEST_NAME} characters")
    return name


def _needed_name(query: Mapping[str, str]) -> str:
    name = _name(query)
    if name is None:
        raise QueryError("audio is missing; give the name of a song as Load Audio shows it")
    return name


def _last_window(query: Mapping[str, str]) -> LastWindow:
    value = query.get("last_window", "fit")
    if value == "fit":
        return "fit"
    if value == "full":
        return "full"
    raise QueryError("last_window is fit or full")


def _order(query: Mapping[str, str]) -> Order:
    asked = query.get("order", IN_TURN)
    order = next((each for each in ORDERS if each == asked), None)
    if order is None:
        raise QueryError(f"order is {' or '.join(ORDERS)}")
    return order


def _needed(query: Mapping[str, str], name: str) -> str:
    if not query.get(name):
        raise QueryError(f"{name} is missing")
    return query[name]


def _short(query: Mapping[str, str], name: str, value: str) -> str:
    if len(value) > LONGEST_NUMBER:
        raise QueryError(f"{name} has {len(query[name])} characters; a number here has at most {LONGEST_NUMBER}")
    return value


def _number(query: Mapping[str, str], name: str) -> Fraction | None:
    if name not in query:
        return None
    try:
        value = read_number(_short(query, name, query[name]), name)
    except PlanError as error:
        raise QueryError(str(error)) from None
    if abs(value) > LONGEST_SONG_SECONDS:
        raise QueryError(f"{name} is at most {LONGEST_SONG_SECONDS}")
    return value


def _required(query: Mapping[str, str], name: str) -> Fraction:
    value = _number(query, name)
    if value is None:
        raise QueryError(f"{name} is missing")
    return value


def _whole(query: Mapping[str, str], name: str, least: int, most: int, default: str | None = None) -> int:
    text = query.get(name, default)
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and least <= int(text) <= most):
        raise QueryError(f"{name} is a whole number from {least} to {most}")
    return int(text)
