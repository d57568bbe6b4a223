"""The attention kernels that served a render, out of its trace."""

from __future__ import annotations

import json
from typing import Any


def sage_summary(attention: bytes | None) -> dict[str, Any]:
    """Calls and share of time of each kernel.

    Args:
        attention: `attention.jsonl`; a last line that was cut off is left out. None if there is none.

    Returns:
        `sage_summary`: kernel -> {"calls", "share"}, and its status.
    """
    name = "sage_summary"
    if not attention:
        return {name: None, f"{name}_status": "not_measured: no attention trace (Loop Iteration Stamp with trace on writes it)"}
    totals: dict[str, list[float]] = {}
    lines = attention.decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            kernel, microseconds = str(row["kernel"]), float(row["microseconds"])
        except (ValueError, TypeError, KeyError) as error:
            if number == len(lines):
                break
            return {name: None, f"{name}_status": f"not_measured: line {number} of the attention trace is damaged ({error!r})"}
        total = totals.setdefault(kernel, [0, 0.0])
        total[0] += 1
        total[1] += microseconds
    whole = sum(microseconds for _, microseconds in totals.values()) or 1.0
    found = {kernel: {"calls": int(calls), "share": took / whole} for kernel, (calls, took) in sorted(totals.items())}
    return {name: found, f"{name}_status": "ok"}
