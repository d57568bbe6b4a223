"""The noise levels (sigmas) at which the distilled LTX 2.3 is sampled, and shorter rows of them.

Source of the trained ones: ComfyUI's own LTX 2.3 template. The shorter ones leave out levels of these, as public graphs do
for previews; nobody has published that they are as good.
"""

from __future__ import annotations

TRAINED = (1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0)
REFINING = (0.85, 0.725, 0.4219, 0.0)
"""Those of the second stage."""

AS_TRAINED, AS_TRAINED_SECOND = "8 steps, as trained", "second stage: 3 steps, as trained"
ROWS: dict[str, tuple[float, ...]] = {
    AS_TRAINED: TRAINED,
    "6 steps, quality unproven": (1.0, 0.9875, 0.975, 0.909375, 0.725, 0.421875, 0.0),
    "5 steps, quality unproven": (1.0, 0.975, 0.909375, 0.725, 0.421875, 0.0),
    "4 steps, quality unproven": (1.0, 0.975, 0.725, 0.421875, 0.0),
    AS_TRAINED_SECOND: REFINING,
    "second stage: 2 steps, quality unproven": (0.85, 0.4219, 0.0),
}
"""Choice -> its levels, the highest first; the last is 0, so there is a level more than steps."""


def noise_levels(choice: str) -> tuple[float, ...]:
    """The levels of a choice.

    Raises:
        ValueError: There is no such choice.
    """
    if choice not in ROWS:
        raise ValueError(f"steps is {choice!r}; choose one of: {'; '.join(ROWS)}")
    return ROWS[choice]
