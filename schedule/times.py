"""The part of a schedule line in front of its value: `START-END:`, `START+:` or `START:`.

Keyboards that write Chinese or Japanese give full-width digits and punctuation. In this part, in which nothing else could
be meant, they count as their plain forms; the value keeps every character as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Form = Literal["range", "open", "hold"]

# Full-width digits, colon, full stop, plus, ideographic space; and what people type for "to" between two times.
_PLAIN = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff1a": ":",
        "\uff0e": ".",
        "\uff0b": "+",
        "\u3000": " ",
        **dict.fromkeys("\uff0d\u2010\u2011\u2012\u2013\u2014\u2015\u2212~\uff5e\u301c", "-"),
    }
)

_TIME = r"[0-9]+(?::[0-9]+)*(?:\.[0-9]*)?"
_HEAD = re.compile(rf"(?P<start>{_TIME})[ \t]*(?:(?P<plus>\+)|-[ \t]*(?P<end>{_TIME}))?[ \t]*(?P<colon>:?)")

# What lists and subtitle files put in front of a time: `[0:15] she sings`, `- 0:15: she sings`, a quotation mark.
_DECORATED_TIME = re.compile(r"[^\w\s][^\w]*(?P<time>[0-9]+:[0-9]{2}(?![0-9]))")
_MEANT_AS_TIME = re.compile(r"-?[ \t]*[0-9]+(?:[ \t]*(?:[:+]|-[ \t]*[0-9])|[.,][0-9]*|[ \t]*$)")

# Characters in a time; far more than any song needs, and few enough to compute with.
LONGEST_TIME = 24

_SHAPES = "times are SS, M:SS or H:MM:SS, with decimals on the seconds"
_EXPECTED = f"expected 'START: prompt', 'START-END: prompt' or 'START+: prompt', such as '0:18: she sings'; {_SHAPES}"


def begins_like_an_entry(text: str) -> bool:
    """True if `text` begins with times and a colon, as a schedule line does."""
    match = _HEAD.match(text.translate(_PLAIN))
    return match is not None and bool(match["colon"])


def begins_like_a_time(text: str) -> bool:
    """True if `text` begins with what was meant as a time: `0:15 she sings`, `15+`, `-5: x`, `15.`, a lone `15`.

    A number in front of words, as in `3 dancers in the rain`, is none. `[0:15] she sings` is one.
    """
    plain = text.translate(_PLAIN)
    return _MEANT_AS_TIME.match(plain) is not None or _DECORATED_TIME.match(plain) is not None


class TimeError(ValueError):
    """A time, or the part of a line that should hold one, does not read. The message says what was expected."""


@dataclass(frozen=True)
class Head:
    """The times of a line.

    Attributes:
        start: Second at which the entry begins.
        end: Second at which it ends (exclusive), for the form `"range"`; else None.
        form: `"range"` for START-END, `"open"` for START+, `"hold"` for START (until the next entry).
        rest: The text behind the colon, untouched.
    """

    start: Fraction
    end: Fraction | None
    form: Form
    rest: str


def read_head(line: str) -> Head:
    """Reads the times of one line that does not begin with white space.

    A time takes all digits and colons it can: `0:00:30: x` begins at 30 s, and `0:00:30 x` is refused, because it could
    as well be the prompt "30 x" at 0:00.

    Raises:
        TimeError: The line has no such part, or a time in it is impossible.
    """
    plain = line.translate(_PLAIN)
    match = _HEAD.match(plain)
    if match is None:
        if (decorated := _DECORATED_TIME.match(plain)) and not plain.startswith("-", decorated.start("time") - 1):
            raise TimeError(f"the line has to begin with its time: '{decorated['time']}: prompt'")
        raise TimeError(_EXPECTED)
    if not match["colon"]:
        raise TimeError(_missing_colon(plain, match))
    if plain.startswith(":", match.end()):
        raise TimeError(f"two colons in a row behind {match['start']}; {_SHAPES}")
    start = read_time(match["start"])
    if match["end"] is None:
        return Head(start, None, "open" if match["plus"] else "hold", line[match.end() :])
    end = read_time(match["end"])
    if end == start:
        raise TimeError(f"the range is empty, it ends where it begins, at {match['start']}; write an end after that")
    if end < start:
        raise TimeError(f"the end {match['end']} lies before the start {match['start']}; write the earlier time first")
    return Head(start, end, "range", line[match.end() :])


def read_time(text: str) -> Fraction:
    """Reads `SS`, `M:SS` or `H:MM:SS`, each with decimals or without, as exact seconds.

    Raises:
        TimeError: More than three parts, a part of the wrong width, or 60 and above where only 00 to 59 can stand.
    """
    if len(text) > LONGEST_TIME:
        raise TimeError(f"{text[:LONGEST_TIME]}... is longer than any song; {_SHAPES}")
    *higher, seconds = text.split(":")
    whole, point, decimals = seconds.partition(".")
    if len(higher) > 2:
        raise TimeError(f"{text} has more than hours, minutes and seconds; {_SHAPES}")
    if point and not decimals:
        raise TimeError(f"{text} ends in a point; write its decimals, or leave the point out")
    for part in (*higher[1:], whole) if higher else ():
        if len(part) != 2:
            padded = _padded(text)
            example = "such as 1:05" if padded == text else f"write {padded}"
            raise TimeError(
                f"{text} is ambiguous: behind a colon a time has two digits, {example}, "
                "or put a space behind the colon that ends the time"
            )
        if int(part) > 59:
            raise TimeError(f"{text} is no time: behind a colon, 59 is the most; write {_carried(higher, whole)}")
    total = 0
    for part in (*higher, whole):
        total = total * 60 + int(part)
    return Fraction(f"{total}.{decimals}") if decimals else Fraction(total)


def _padded(text: str) -> str:
    first, *parts = text.split(":")
    return ":".join((first, *(part if len(part.partition(".")[0]) > 1 else f"0{part}" for part in parts)))


def _carried(higher: list[str], whole: str) -> str:
    total = 0
    for part in (*higher, whole):
        total = total * 60 + int(part)
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _missing_colon(plain: str, match: re.Match[str]) -> str:
    head, rest = plain[: match.end()].rstrip(), plain[match.end() :]
    if match["plus"] is None and rest.startswith("+"):
        return f"{head}+ has both an end and a plus; write '{head}: prompt', or '{match['start']}+: prompt'"
    if rest.startswith("-"):
        return f"expected a time behind '{head}-', or '{match['start']}+: prompt' for an entry without an end"
    if rest.startswith(","):
        return "decimals of a second are set off with a point, such as 1:15.5"
    first, _, last = match["start"].rpartition(":")
    if match["end"] is None and first and (":" in first or len(last) != len("00")):
        return (
            f"expected a colon behind the time '{head}'; if the time is {first} and the prompt begins with '{last}', "
            f"put a space between them: '{first}: {last}'"
        )
    return f"expected a colon and a prompt behind '{head}', such as '{head}: she sings'"
