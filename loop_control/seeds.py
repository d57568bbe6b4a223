"""Seeds of the windows: the base seed counted up, and exceptions for single windows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import PlanError

# ComfyUI's seeds are unsigned 64-bit numbers (the `seed` input of KSampler ends at 0xffffffffffffffff).
SEED_COUNT = 2**64

_SEPARATORS = re.compile(r"[,;，；\r\n]+")
_OVERRIDE = re.compile(r"([0-9]+)\s*[:：=]\s*([+-]?)\s*([0-9]+)", re.ASCII)
_EXPECTED = "expected 'window: seed' such as '7: 1234', or '7: +1' for one more than planned"


@dataclass(frozen=True)
class SeedOverride:
    """Another seed for one window: `value` itself, or `value` added to the planned seed if `relative`."""

    window: int
    value: int
    relative: bool

    def apply(self, planned: int) -> int:
        """The seed to use in place of `planned`, wrapped to 64 bits."""
        return (planned + self.value) % SEED_COUNT if self.relative else self.value

    def __str__(self) -> str:
        return f"{self.window}: {self.value:+d}" if self.relative else f"{self.window}: {self.value}"


def check_seed(seed: int) -> int:
    """Returns `seed` if it is a whole number in `[0, 2**64)`.

    Raises:
        PlanError: It is not.
    """
    if isinstance(seed, bool) or int(seed) != seed:
        raise PlanError(f"the seed is {seed!r}; it must be a whole number")
    if not 0 <= seed < SEED_COUNT:
        nearest = 0 if seed < 0 else SEED_COUNT - 1
        raise PlanError(f"the seed is {seed}; it must lie between 0 and {SEED_COUNT - 1}, the nearest is {nearest}")
    return int(seed)


def window_seed(base_seed: int, window: int, overrides: Mapping[int, SeedOverride] | None = None) -> int:
    """Seed of `window` (0 is the initial render): base plus window, modulo 2**64, or its override.

    Raises:
        PlanError: `base_seed` is outside `[0, 2**64)` or `window` is negative.
    """
    if window < 0:
        raise PlanError(f"there is no window {window}; the initial render is 0")
    planned = (check_seed(base_seed) + window) % SEED_COUNT
    override = (overrides or {}).get(window)
    return override.apply(planned) if override else planned


def parse_seed_overrides(text: str) -> Mapping[int, SeedOverride]:
    """Reads `7: 1234, 9: +1`; entries are separated by commas, semicolons or line ends, blank text means none.

    Raises:
        PlanError: An entry does not parse, a seed does not fit 64 bits, or a window is named twice.
    """
    overrides: dict[int, SeedOverride] = {}
    for part in _SEPARATORS.split(text):
        entry = part.strip()
        if not entry or entry.startswith("#"):
            continue
        match = _OVERRIDE.fullmatch(entry)
        if match is None:
            raise PlanError(f"seed override {entry!r} does not parse; {_EXPECTED}")
        window, sign, digits = int(match[1]), match[2], int(match[3])
        if window in overrides:
            raise PlanError(f"seed override {entry!r}: window {window} already has one; keep one of them")
        check_seed(digits)
        overrides[window] = SeedOverride(window, -digits if sign == "-" else digits, relative=bool(sign))
    return overrides
