"""Sizes, defaults and output slots of the loop's nodes: what their schemas need, apart from what a running loop needs.

ComfyUI reads the schemas when it starts, so this module costs next to nothing to import.
"""

from __future__ import annotations

OPEN_PREVIOUS, OPEN_COUNT, OPEN_ITERATION = 1, 2, 3
"""Output slots of TensorLoopOpen that the body reads."""

IN_PREVIOUS, IN_COUNT, IN_ITERATION, IN_FIRST_CAPTURE = 0, 1, 2, 3
"""Output slots of an iteration's `in` node."""

CAPTURES_PER_IN_NODE = 61

DRIVER_FAN_OUT = 16
"""Children a driver asks for in turn. A driver's inputs are read again for each of them, so a flat list of all iterations
would be quadratic."""

LOOP_MODES = ("iterations", "total_frames")
DEFAULT_ITERATIONS, DEFAULT_TOTAL_FRAMES = 50, 100

OVERLAP_MODES = ("disabled", "start", "end", "fade_linear", "fade_smooth", "replace_tail")
