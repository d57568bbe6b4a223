"""Schedules of pictures for `tests/golden/timeline/keyframes.json`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from .golden_inputs import GRIDS

READABLE: dict[str, str] = {
    "two pictures": "0:00-1:15: 0\n1:15+: 1",
    "one picture": "0:00+: 0",
    "three pictures in turn": "0:00: 0\n0:30: 1\n1:00: 2\n1:30: 0",
    "a number alone": "1",
    "a number alone with spaces": "  \n1  \n",
    "leading zeros": "0:00: 000\n0:30: 01",
    "a hole": "0:00-0:20: 0\n1:00-1:20: 1",
    "covered": "0:00-1:00: 0\n0:30-1:30: 1\n0:45+: 2",
    "unsorted": "1:00: 2\n0:00: 0\n0:30: 1",
    "first entry not at zero": "0:20: 1\n0:50: 0",
    "half-way between cuts": "0: 0\n9.94: 1\n28.84: 2\n46.76: 0\n64.68: 1",
    "shorter than half a stride": "0:00: 0\n0:30: 1\n0:35: 2\n0:40: 0\n0:45: 1",
    "within the first window": "0:00: 0\n0:02: 1\n0:04: 2\n0:08: 0",
    "past the end": "0:00: 0\n2:59: 1\n3:00: 2\n4:00: 0",
    "comments": "# verse\n0:00: 0\n# chorus\n0:30: 1",
    "index on the next line": "0:00:\n  1\n0:30: 0",
    "Windows line ends": "0:00: 0\r\n0:30: 1\r\n",
    "full-width times": "\uff10\uff1a\uff10\uff10\uff1a0\n\uff10\uff1a\uff13\uff10\uff1a1",
    "auto": "auto",
    "auto in large letters": "  AUTO \n",
    "a picture that is not there": "0:00: 0\n0:30: 3\n1:00: 4",
    "a very large number": "0:00: 0\n0:30: 123456789012345678901234567890",
}

UNREADABLE: dict[str, str] = {
    "empty": "",
    "words": "0:00: 0\n0:30: the second",
    "no value": "0:00: 0\n0:30:",
    "negative": "0:00: 0\n0:30: -1",
    "decimals": "0:00: 0\n0:30: 1.5",
    "two numbers": "0:00: 0\n0:30: 1 2",
    "two numbers over two lines": "0:00: 0\n  1",
    "a comment behind the number": "0:00: 0 # verse",
    "an apostrophe": "0:00: 0\n0:30: it's",
    "both quotes": "0:00: 0\n0:30: 'a' \"b\"",
    "a backslash": "0:00: 0\n0:30: a\\b",
    "full-width digit as number": "0:00: \uff10",
    "numbers without times": "0\n1",
    "no colon": "0:00: 0\n0:30 1",
    "auto with a time": "0:00: auto",
    "same start": "0:00: 0\n0:00: 1",
    "backwards": "0:00: 0\n0:30-0:10: 1",
    "a word alone": "first",
}


def cases() -> Iterator[tuple[str, str, dict[str, Any], bool, int]]:
    """(name, text, settings of the plan, snap, number of pictures) of each case."""
    for name, text in (READABLE | UNREADABLE).items():
        yield name, text, GRIDS["three minutes"], True, 3
    yield "auto, one picture too few", "auto", GRIDS["three minutes"], True, 9
    yield "auto, as many pictures as windows", "auto", GRIDS["three minutes"], True, 10
    yield "auto, more pictures than windows", "auto", GRIDS["three minutes"], True, 11
    yield "auto, one window", "auto", GRIDS["one window"], True, 1
    for grid, settings in list(GRIDS.items())[1:]:
        for name in ("three pictures in turn", "shorter than half a stride"):
            yield f"{name}, {grid}", READABLE[name], settings, True, 3
    for name in ("three pictures in turn", "half-way between cuts", "covered"):
        yield f"{name}, snap off", READABLE[name], GRIDS["three minutes"], False, 3
    for number in range(20):
        draw = random.Random(f"keyframes {number}")
        times = sorted({0, *(draw.randint(1, 200) for _ in range(draw.randint(1, 8)))})
        text = "\n".join(f"{time // 60}:{time % 60:02d}{draw.choice([':', ':', '+:'])} {draw.randint(0, 3)}" for time in times)
        yield f"drawn {number}", text, draw.choice(list(GRIDS.values())), draw.random() < 0.8, draw.choice([3, 4, 4])
