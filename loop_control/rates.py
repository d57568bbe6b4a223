"""Numbers that people type (frame rates, seconds) read as exact fractions."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from .errors import PlanError
from .units import round_half_up

# The limits of `frame_rate` in ComfyUI's own LTX nodes (comfy_extras/nodes_lt.py, nodes_lt_audio.py).
LOWEST_FPS = 1
HIGHEST_FPS = 1000

# People write 24000/1001 = 23.976024 as 23.976, 23.98 or 23.9760; the furthest of these is 0.00398 away.
NTSC_TOLERANCE = Fraction(4, 1000)
# A sample at 1 MHz is 0.000001 s; what differs by less is written as a fraction.
MOST_DECIMALS = 9

# Below this the distance between n and n * 1000/1001 comes near to that tolerance.
NTSC_LOWEST = 10

_RATIO = re.compile(r"\s*([0-9]+)\s*/\s*([0-9]+)\s*")
_EXPECTED_FPS = "write a number such as 25 or 23.976, or a fraction such as 24000/1001"


def read_number(value: int | float | str | Fraction, name: str) -> Fraction:
    """Reads a number as exactly what its decimal text says: the float 19.88 is 1988/100, not its binary neighbour.

    Args:
        value: A number or its text; `"24000/1001"` is read as a ratio.
        name: What to call the value in the error message.

    Raises:
        PlanError: Not a number, or not finite.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise PlanError(f"{name} is {value}, which is not a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise PlanError(f"{name} is {value}, which is not a finite number")
    text = str(value).strip()
    try:
        # An exponent is read as a float first: as a fraction, 1e999999999 would fill the memory.
        return read_number(float(text), name) if isinstance(value, str) and "e" in text.lower() else Fraction(text)
    except PlanError:
        raise
    except (ValueError, ZeroDivisionError):
        ratio = _RATIO.fullmatch(text)
        if ratio and int(ratio[2]):
            return Fraction(int(ratio[1]), int(ratio[2]))
        raise PlanError(f"{name} is {text!r}, which is not a number") from None


def parse_fps(value: int | float | str | Fraction) -> Fraction:
    """Reads a frame rate; a decimal close to `n * 1000/1001` is the NTSC rate that it abbreviates.

    23.976 and 23.98 become 24000/1001, 29.97 becomes 30000/1001, 59.94 and 119.88 likewise; 25, 12.5 and an explicit
    fraction stay what they are.

    Raises:
        PlanError: Zero, negative, not finite, outside 1 to 1000, or not a number.
    """
    try:
        fps = read_number(value, "fps")
    except PlanError as error:
        raise PlanError(f"{error}; {_EXPECTED_FPS}") from None
    if fps <= 0:
        raise PlanError(f"fps is {value}; a frame rate is above 0, and {LOWEST_FPS} is the lowest that works")
    if fps < LOWEST_FPS or fps > HIGHEST_FPS:
        nearest = LOWEST_FPS if fps < LOWEST_FPS else HIGHEST_FPS
        raise PlanError(f"fps is {value}; it must lie between {LOWEST_FPS} and {HIGHEST_FPS}, the nearest is {nearest}")
    if isinstance(value, Fraction) or fps.denominator == 1 or (isinstance(value, str) and "/" in value):
        return fps
    whole = round_half_up(fps * Fraction(1001, 1000))
    ntsc = Fraction(whole * 1000, 1001)
    if whole >= NTSC_LOWEST and abs(fps - ntsc) <= NTSC_TOLERANCE:
        return ntsc
    return _simplest(fps)


def _simplest(value: Fraction) -> Fraction:
    # A float of 50/3 prints as 16.666666666666668: its text is not what was meant.
    simple = value.limit_denominator(1001)
    return simple if abs(simple - value) < Fraction(1, 10**9) else value


def decimal_text(value: Fraction, decimals: int = 2) -> str:
    """The number with at least one and at most `decimals` decimals, rounded half up: 1.96, 17.92, 2.0."""
    scaled = round_half_up(abs(value) * 10**decimals)
    whole, rest = divmod(scaled, 10**decimals)
    fraction = f"{rest:0{decimals}d}".rstrip("0") or "0"
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{whole}.{fraction}"


def seconds_text(value: Fraction) -> str:
    """Seconds for people, to the millisecond if they need it: `1.96 s`, `18.685 s`."""
    return f"{decimal_text(value, 3)} s"


def told_apart(one: Fraction, other: Fraction) -> tuple[str, str]:
    """Two lengths as `seconds_text` writes them, with as many more decimals as it takes to see that they differ."""
    for decimals in range(3, MOST_DECIMALS + 1):
        texts = tuple(f"{decimal_text(value, decimals)} s" for value in (one, other))
        if texts[0] != texts[1]:
            return texts[0], texts[1]
    return f"{one} s", f"{other} s"


def clock_text(value: Fraction) -> str:
    """A time in a song for people: `0:37.80`, `1:02:03.00`. Hundredths, rounded half up; `value >= 0`."""
    hundredths = round_half_up(value * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 100:02d}.{rest % 100:02d}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


def fps_text(fps: Fraction) -> str:
    """A frame rate for people: `25`, `12.5`, `23.976 (24000/1001)`."""
    if fps.denominator == 1:
        return str(fps.numerator)
    text = decimal_text(fps, 3)
    return text if Fraction(text) == fps else f"{text} ({fps})"
