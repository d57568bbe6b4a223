"""Wishes for the video of a song, as values that were checked."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, cast, get_args

from ..schedule.times import begins_like_a_time
from .descriptions import PlaceForm, form_of, split_description

Style = Literal["cinematic", "realistic", "illustrated", "painterly", "animated", "none"]
Kind = Literal["auto", "music", "standup", "dialogue"]

STYLES: tuple[Style, ...] = get_args(Style)
DRAWN_STYLES: frozenset[Style] = frozenset(("illustrated", "painterly", "animated"))
"""Of pictures that no camera took."""

KINDS: tuple[Kind, ...] = get_args(Kind)
DIVERSITIES = tuple(f"{tier}{letter}" for tier in range(1, 7) for letter in "ab")
"""From what changes least to what changes most; see `Wishes.tier` and `Wishes.repeats_material`."""

DEFAULT_DIVERSITY = "2a"
NAMELESS = "The person in the picture"
MOST_SUBJECT_WORDS, MOST_PICTURE_WORDS = 30, 40

Choice = TypeVar("Choice", bound=str)


class WishError(ValueError):
    """A wish that cannot be fulfilled. The message names it, the rule, and the nearest that can."""


@dataclass(frozen=True)
class Wishes:
    """Made by `make_wishes`, which checks the values.

    Attributes:
        subject: The words that name who is seen, on one line, never empty.
        place: The words that say what else the picture shows; "" if nobody said.
        style: The look of the picture.
        diversity: One of `DIVERSITIES`.
        montage: Whether entries change as often as windows of 12 s would, not of 20 s.
        kind: What is heard; "auto" lets the song decide.
        variation: Another number gives other words.
        has_named_subject: Whether somebody said who is seen.
    """

    subject: str = NAMELESS
    place: str = ""
    style: Style = "cinematic"
    diversity: str = DEFAULT_DIVERSITY
    montage: bool = False
    kind: Kind = "auto"
    variation: int = 0
    has_named_subject: bool = False

    @property
    def place_is(self) -> PlaceForm:
        """How the words for the place read."""
        return form_of(self.place)

    @property
    def tier(self) -> int:
        """1: the action changes; 2: and its expression; 3: and the framing; 4: and the light; 5: and what moves behind; 6:
        and the place."""
        return int(self.diversity[0])

    @property
    def repeats_material(self) -> bool:
        """Whether sections of the same material get the same words, so that a chorus looks like the chorus ("a")."""
        return self.diversity.endswith("a")

    @property
    def style_sentence(self) -> str:
        """The words that every prompt begins with, or ""."""
        return "" if self.style == "none" else f"Style: {self.style}. "


def make_wishes(
    *,
    subject: str = "",
    image_description: str = "",
    style: str = "cinematic",
    diversity: str = DEFAULT_DIVERSITY,
    montage: bool = False,
    kind: str = "auto",
    variation: int = 0,
) -> Wishes:
    """Checks wishes.

    Without a subject, the one that the description begins with is it.

    Args:
        subject: The words that name who is seen; white space and line ends become single spaces.
        image_description: The words that say what the picture shows.
        style: One of `STYLES`.
        diversity: One of `DIVERSITIES`.
        montage: As in `Wishes`.
        kind: One of `KINDS`.
        variation: From 0 up.

    Raises:
        WishError: A value is none of those, or a text is too long.
    """
    named, described = _one_line(subject), _one_line(image_description)
    _refuse_long("subject", named, MOST_SUBJECT_WORDS)
    _refuse_long("image description", described, MOST_PICTURE_WORDS)
    named, place = split_description(named.rstrip(" .,;:"), described.strip(" .,;"))
    for name, text in (("subject", named), ("image description", place)):
        if begins_like_a_time(text):
            raise WishError(f"the {name} begins like a time, {text[:20]!r}, as a line of a schedule does; begin with a word")
    if isinstance(variation, bool) or int(variation) != variation or variation < 0:
        raise WishError(f"variation is {variation}; it is a whole number from 0 up")
    return Wishes(
        subject=named or NAMELESS,
        place=place,
        style=_one_of("style", style, STYLES),
        diversity=_one_of("scene diversity", diversity, DIVERSITIES),
        montage=montage,
        kind=_one_of("kind", kind, KINDS),
        variation=int(variation),
        has_named_subject=bool(_one_line(subject).rstrip(" .,;:")),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _one_of(name: str, value: str, choices: Sequence[Choice]) -> Choice:
    asked = value.strip().lower()
    if asked in choices:
        return cast(Choice, asked)
    near = difflib.get_close_matches(asked, choices, 1, 0.0)
    raise WishError(f"{name} is {value!r}; it is one of {', '.join(choices)}, such as {near[0] if near else choices[0]}")


def _refuse_long(name: str, text: str, most: int) -> None:
    count = len(text.split())
    if count > most:
        raise WishError(f"the {name} has {count} words, and it stands in every entry; write at most {most}")
