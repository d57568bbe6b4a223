"""The request for a schedule that is written from a song, read from JSON: each value checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..prompting.wishes import Wishes, make_wishes
from ..timeline.query import PlanQuery, QueryError, read_plan_query

LONGEST_TEXT = 2000
MOST_VARIATIONS = 1_000_000

_TEXTS = ("subject", "image_description", "style", "diversity", "kind")


@dataclass(frozen=True)
class WritingRequest:
    """The planner's settings with the song, its name `audio`, and what is wished."""

    settings: PlanQuery
    audio: str
    wishes: Wishes


def read_writing_request(data: object) -> WritingRequest:
    """Reads `{"song": settings, "wishes": {...}}`, settings as `timeline.query.read_plan_query` takes them.

    Raises:
        QueryError: The request is not of this form, or a setting cannot be used.
        WishError: A wish cannot be fulfilled.
    """
    if not isinstance(data, dict) or data.keys() != {"song", "wishes"}:
        raise QueryError('send {"song": ..., "wishes": ...}')
    song, wishes = _object("song", data["song"]), _object("wishes", data["wishes"])
    settings = read_plan_query({name: _text(name, value) for name, value in song.items()})
    if settings.audio is None:
        raise QueryError("audio is missing; give the name of a song as Load Audio shows it")
    return WritingRequest(settings, settings.audio, _wishes(wishes))


def _object(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise QueryError(f"{name} is an object with names and values")
    return value


def _wishes(asked: Mapping[str, object]) -> Wishes:
    unknown = sorted(name[:40] for name in asked.keys() - {*_TEXTS, "montage", "variation"})
    if unknown:
        raise QueryError(f"{unknown[0]!r} is no wish")
    texts = {name: _text(name, asked[name]) for name in _TEXTS if name in asked}
    montage, variation = asked.get("montage", False), asked.get("variation", 0)
    if not isinstance(montage, bool):
        raise QueryError("montage is true or false")
    if isinstance(variation, bool) or not isinstance(variation, int) or not 0 <= variation <= MOST_VARIATIONS:
        raise QueryError(f"variation is a whole number from 0 to {MOST_VARIATIONS}")
    return make_wishes(**texts, montage=montage, variation=variation)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise QueryError(f"{name[:40]} is text with at most {LONGEST_TEXT} characters")
    return value
