"""Seeds of the iterations: the base seed counted up, and exceptions for single iterations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import PlanError

# ComfyUI's seeds are unsigned 64-bit numbers (the `seed` input of KSampler ends at 0xffffffffffffffff).
SEED_COUNT = 2**64

_SEPARATORS = re.compile(r"[,;，；\r\n]+")
_OVERRIDE = re.compile(r"([0-9]+)\s*[:：=]\s*([+-]?)\s*([0-9]+)", re.ASCII)
_EXPECTED = "expected 'iteration: seed' such as '7: 1234', or '7: +1' for one more than planned"


@dataclass(frozen=True)
class SeedOverride:
    """Another seed for one iteration: `value` itself, or `value` added to the planned seed where `relative`."""

    iteration: int
    value: int
    relative: bool

    def apply(self, planned: int) -> int:
        """The seed to use where `planned` was planned, wrapped to 64 bits."""
        return (planned + self.value) % SEED_COUNT if self.relative else self.value

    def __str__(self) -> str:
        return f"{self.iteration}: {self.value:+d}" if self.relative else f"{self.iteration}: {self.value}"


def check_seed(seed: int) -> int:
    """Returns `seed` where it is a whole number in `[0, 2**64)`.

    Raises:
        PlanError: It is not.
    """
    if isinstance(seed, bool) or int(seed) != seed:
        raise PlanError(f"the seed is {seed!r}; it must be a whole number")
    if not 0 <= seed < SEED_COUNT:
        nearest = 0 if seed < 0 else SEED_COUNT - 1
        raise PlanError(f"the seed is {seed}; it must lie between 0 and {SEED_COUNT - 1}, the nearest is {nearest}")
    return int(seed)


def iteration_seed(base_seed: int, iteration: int, overrides: Mapping[int, SeedOverride] | None = None) -> int:
    """Seed of `iteration` (0 is the initial render): base plus iteration, modulo 2**64, or its override.

    Raises:
        PlanError: `base_seed` is outside `[0, 2**64)` or `iteration` is negative.
    """
    if iteration < 0:
        raise PlanError(f"there is no iteration {iteration}; the initial render is 0")
    planned = (check_seed(base_seed) + iteration) % SEED_COUNT
    override = (overrides or {}).get(iteration)
    return override.apply(planned) if override else planned


def parse_seed_overrides(text: str) -> Mapping[int, SeedOverride]:
    """Reads `7: 1234, 9: +1`; entries are separated by commas, semicolons or line ends, blank text means none.

    Raises:
        PlanError: An entry does not parse, a seed does not fit 64 bits, or an iteration is named twice.
    """
    overrides: dict[int, SeedOverride] = {}
    for part in _SEPARATORS.split(text):
        entry = part.strip()
        if not entry or entry.startswith("#"):
            continue
        match = _OVERRIDE.fullmatch(entry)
        if match is None:
            raise PlanError(f"seed override {entry!r} does not parse; {_EXPECTED}")
        iteration, sign, digits = int(match[1]), match[2], int(match[3])
        if iteration in overrides:
            raise PlanError(f"seed override {entry!r}: iteration {iteration} already has one; keep one of them")
        check_seed(digits)
        overrides[iteration] = SeedOverride(iteration, -digits if sign == "-" else digits, relative=bool(sign))
    return overrides
