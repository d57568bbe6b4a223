"""Schedules and songs for `tests/golden/timeline/cases.json`: those written by hand, and those drawn from a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from audio_loop.loop_control.geometry import make_geometry

GRIDS: dict[str, dict[str, Any]] = {
    "three minutes": {"song_seconds": 180, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "one window": {"song_seconds": 12, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "exactly one window": {"song_seconds": 19.88, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "a frame more than one window": {"song_seconds": 19.92, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "film": {"song_seconds": 185.4, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 23.976},
    "television": {"song_seconds": 61.7, "window_seconds": 10, "overlap_seconds": 1, "fps": 29.97},
    "smallest overlap": {"song_seconds": 60, "window_seconds": 9.64, "overlap_seconds": 0.04, "fps": 25},
    "largest overlap": {"song_seconds": 60, "window_seconds": 9.64, "overlap_seconds": 9, "fps": 25},
    "half overlap": {"song_seconds": 60, "window_seconds": 9.64, "overlap_seconds": 4.7, "fps": 25},
    "small windows": {"song_seconds": 20, "window_seconds": 1, "overlap_seconds": 0.3, "fps": 25},
    "stopped early": {"song_seconds": 180, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25, "max_iterations": 3},
    "full last window": {"song_seconds": 100, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25, "last_window": "full"},
    "shortest song": {"song_seconds": 0.5, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "half an hour": {"song_seconds": 1800, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25},
    "48 frames": {"song_seconds": 90, "window_seconds": 10, "overlap_seconds": 2, "fps": 48},
}

ANCHORS_FIRST: dict[str, dict[str, Any]] = {
    "anchors first": {"song_seconds": 61, "window_seconds": 8, "overlap_seconds": 1, "fps": 25, "order": "anchors first"},
    "anchors first, film": {
        "song_seconds": 73.5,
        "window_seconds": 19.88,
        "overlap_seconds": 2,
        "fps": 23.976,
        "order": "anchors first",
    },
}

SONG = "0:00: dawn\n0:30: verse\n1:00: chorus\n1:30: bridge\n2:00: end"

READABLE: dict[str, str] = {
    "one entry at zero": "0:00: she sings",
    "five entries": SONG,
    "text without times": "a woman sings on a stage",
    "text without times over two lines": "a woman sings\non a stage",
    "text without times, lines with a number in some": "a woman sings\n3 dancers behind her",
    "first entry not at zero": "0:20: she sings\n0:50: she dances",
    "seconds": "0: a\n45: b\n90: c",
    "seconds with decimals": "0: a\n19.88: b\n37.8: c\n55.72: d",
    "just before and behind cuts": "0: a\n19.87: b\n37.81: c\n55.73: d",
    "half-way between cuts": "0: a\n9.94: b\n28.84: c\n46.76: d\n64.68: e",
    "just short of half-way": "0: a\n9.93: b\n28.83: c\n46.75: d\n64.67: e",
    "hours": "0:00:00: a\n0:01:05.5: b\n0:02:00: c",
    "minutes over sixty": "0:00: a\n75:00: b",
    "all forms": "0:00-0:18: verse\n0:18: bridge\n0:54+: outro",
    "ranges with holes": "0:00-0:20: a\n0:40-1:00: b\n1:30-2:00: c",
    "ranges that overlap": "0:00-1:00: a\n0:30-1:30: b",
    "open under others": "0:00+: base\n0:40-1:00: over\n1:40-2:00: over again",
    "open on top": "0:00-1:00: covered\n0:00.5+: base",
    "open hides what is above it": "0:30-0:50: gone\n0:10+: on top",
    "comments": "# my song\n0:00: a\n# the chorus\n0:30: b # not a comment\n#end",
    "indented comment": "0:00: a\n   # still a comment\n0:30: b",
    "comment between continuations": "0:00: a\n  more\n# aside\n  and more\n0:30: b",
    "blank lines": "\n\n0:00: a\n\n\n0:30: b\n\n",
    "continuation": "0:00: a woman\n  sings\n\tloudly\n0:30: b",
    "continuation of an empty first line": "0:00:\n  a woman sings\n0:30: b",
    "continuation that looks like an entry": "0:00: a\n  0:20: b\n0:40: c",
    "ideographic space continues": "0:00: a\n\u3000more\n0:30: b",
    "Windows line ends": "0:00: a\r\n0:30: b\r\n  more\r\n",
    "old Mac line ends": "0:00: a\r0:30: b",
    "byte-order mark": "\ufeff0:00: a\n0:30: b",
    "zero-width space in front": "\u200b0:00: a\n\u200e0:30: b",
    "full-width digits": "\uff10\uff1a\uff10\uff10\uff1a a\n\uff10\uff1a\uff13\uff10\uff1a b",
    "en dash": "0:00\u20130:30: a\n0:30\u20131:00: b",
    "wave dash": "0:00\u301c0:30: a\n0:30~1:00: b",
    "spaces around the dash": "0:00 - 0:30 : a\n0:30 + : b",
    "no space behind the colon": "0:00:a\n0:30:b",
    "text that begins with digits": "0:00: 3 dancers\n0:30: 4 dancers",
    "prompt that begins like a time": "0:00: 0:30: a\n0:40: b",
    "colons in the prompt": "0:00: scene: a stage: night\n0:30: b",
    "Chinese words": "0:00: \u5979\u5728\u5531\u6b4c\n0:30: \u5979\u8df3\u821e",
    "emoji": "0:00: \U0001f3a4 she sings\n0:30: \U0001f483 she dances",
    "trailing spaces": "0:00: a   \n0:30: b\t",
    "line separator stays in the words": "0:00: a\u2028b\n0:30: c",
    "vertical tab continues": "0:00: a\n\x0bmore\n0:30: b",
    "unsorted": "1:00: c\n0:00: a\n0:30: b",
    "unsorted ranges": "1:00-1:20: c\n0:00-0:30: a\n0:30-1:00: b",
    "entries past the end": "0:00: a\n2:59: b\n3:00: c\n4:00: d",
    "all entries past the end": "5:00: a\n6:00: b",
    "entry just before the end": "0:00: a\n2:59.99: b",
    "shorter than half a stride": "0:00: a\n0:30: b\n0:35: c\n0:40: d\n0:45: e",
    "many short ones": "\n".join(f"{second}: part {second}" for second in range(0, 60, 3)),
    "short range within a window": "0:00: a\n0:21-0:24: flash\n0:24: b",
    "two near the same cut": "0:00: a\n0:19: b\n0:20: c",
    "three near the last cut": "0:00: a\n2:50: b\n2:55: c\n2:58: d",
    "within the first window": "0:00: a\n0:02: b\n0:04: c\n0:08: d",
    "many decimals": "0: a\n30.123456789: b\n60.000000001: c",
    "leading zeros": "000: a\n030: b\n01:00: c",
    "long prompt": "0:00: " + "a woman sings, " * 40 + "\n0:30: b",
    "zero again by another form": "0:00-0:10: a\n0:10: b\n0:20+: c\n0:30: d",
}

UNREADABLE: dict[str, str] = {
    "empty": "",
    "only blank lines": "\n \n\t\n",
    "only comments": "# one\n  # two",
    "no colon": "0:00: a\n0:15 she sings",
    "no words": "0:00: a\n0:30:",
    "no words, spaces": "0:00: a\n0:30:   \n1:00: c",
    "words without a time": "0:00: a\nshe dances\n1:00: c",
    "same start": "0:00: a\n0:30: b\n0:30: c",
    "same start in other words": "0: a\n0:00: b",
    "sixty seconds": "0:00: a\n0:60: b",
    "seventy-five minutes of an hour": "0:00: a\n1:75:00: b",
    "one digit": "0:00: a\n1:5: b",
    "one digit and a decimal": "0:00: a\n1:5.5: b",
    "four parts": "0:00: a\n1:00:00:00: b",
    "point at the end": "0:00: a\n15.: b",
    "comma": "0:00: a\n1:15,5: b",
    "empty range": "0:00: a\n0:30-0:30: b",
    "range backwards": "0:00: a\n0:30-0:10: b",
    "range without an end": "0:00: a\n0:30-: b",
    "range and plus": "0:00: a\n0:30-0:40+: b",
    "two colons": "0:00: a\n0:30::b",
    "negative": "0:00: a\n-5: b",
    "in brackets": "0:00: a\n[0:30] b",
    "a list": "- 0:00: a\n- 0:30: b",
    "continues nothing": "  a\n0:30: b",
    "continues a comment": "# one\n  0:00: a",
    "time without a colon, digits behind": "0:00: a\n0:00:30 b",
    "a number alone": "15",
    "lines that begin with numbers": "3 dancers\n4 dancers",
    "too long a time": "0:00: a\n" + "1" * 30 + ": b",
    "long line at fault": "0:00: a\nand then the camera does " + "a very long thing " * 10,
    "fault behind Windows line ends": "0:00: a\r\n\r\n# c\r\n0:61: b\r\n",
    "only the first fault counts": "0:00: a\n0:61: b\n0:62: c",
    "letters in a time": "0:00: a\n0:3o: b",
    "full-width comma": "0:00: a\n0:30\uff0c b",
}


def cases() -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    """(name, text, settings of the plan, snap) of each case."""
    for name, text in READABLE.items():
        yield name, text, GRIDS["three minutes"], True
    for name, text in UNREADABLE.items():
        yield name, text, GRIDS["three minutes"], True
    for name in ("five entries", "all forms", "half-way between cuts", "many short ones", "ranges with holes", "unsorted"):
        yield f"{name}, snap off", READABLE[name], GRIDS["three minutes"], False
    for grid, settings in list(GRIDS.items())[1:]:
        for name in ("five entries", "many short ones", "open under others"):
            yield f"{name}, {grid}", READABLE[name], settings, True
        yield f"on and half-way between its cuts, {grid}", _on_cuts(settings), settings, True
        yield f"five entries, {grid}, snap off", SONG, settings, False
    for number in range(90):
        yield _drawn(number)
    for grid, settings in ANCHORS_FIRST.items():
        for name in ("five entries", "many short ones", "unsorted ranges"):
            yield f"{name}, {grid}", READABLE[name], settings, True
        yield f"on and half-way between its cuts, {grid}", _on_cuts(settings), settings, True
        yield f"many short ones, {grid}, snap off", READABLE["many short ones"], settings, False


def _on_cuts(settings: dict[str, Any]) -> str:
    found = make_geometry(settings["window_seconds"], settings["overlap_seconds"], settings["fps"])
    times = [Fraction(0)]
    for cut in range(3):
        times += [found.window + (cut - Fraction(1, 2)) * found.stride, found.window + cut * found.stride]
    return "\n".join(f"{float(time):.3f}: at {float(time):.3f}" for time in sorted(set(times)) if time >= 0)


def _drawn(number: int) -> tuple[str, str, dict[str, Any], bool]:
    draw = random.Random(f"timeline {number}")
    window = draw.choice([4.0, 7.5, 9.64, 13, 19.88, 19.88])
    settings = {
        "song_seconds": round(draw.uniform(3, 260), draw.choice([0, 1, 3])),
        "window_seconds": window,
        "overlap_seconds": draw.choice([0.1, 0.5, 1, 2, 3]),
        "fps": draw.choice([24, 25, 25, 30, 23.976, 29.97, 12.5]),
        "last_window": draw.choice(["fit", "fit", "full"]),
        "max_iterations": draw.choice([0, 0, 0, 2, 5]),
    }
    lines: list[str] = []
    for time in _times(draw, settings["song_seconds"]):
        if draw.random() < 0.15:
            lines.append(draw.choice(["", "# a note", "#", "   # further in"]))
        length = draw.choice([1, 2.5, 8, 20, 60])
        form = draw.choice([":", ":", ":", ":", f"-{_time_text(draw, time + length)}:", "+:"])
        lines.append(f"{_time_text(draw, time)}{form} {draw.choice(['she sings', 'rain', 'a stage, 3 lights', '夜'])}")
        if draw.random() < 0.15:
            lines.append(draw.choice(["  and more", "\tcloser", "    0:10: not a time of its own"]))
    ending = draw.choice(["\n", "\n", "\n", "\r\n"])
    return f"drawn {number}", ending.join(lines), settings, draw.random() < 0.8


def _times(draw: random.Random, song_seconds: float) -> list[float]:
    times = {0.0} if draw.random() < 0.8 else {round(draw.uniform(0, 9), 1)}
    while len(times) < draw.randint(1, 14):
        times.add(round(draw.uniform(0, song_seconds * 1.1), draw.choice([0, 1, 2])))
    ordered = sorted(times)
    if draw.random() < 0.2:
        draw.shuffle(ordered)
    return ordered


def _time_text(draw: random.Random, time: float) -> str:
    hundredths = round(time * 100)
    seconds, rest = divmod(hundredths, 100)
    decimals = f".{rest:02d}" if rest else ""
    if draw.random() < 0.3:
        return f"{seconds}{decimals}"
    if draw.random() < 0.1:
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{decimals}"
    return f"{seconds // 60}:{seconds % 60:02d}{decimals}"
