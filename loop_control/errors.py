"""The one error that planning raises."""

from __future__ import annotations


class PlanError(ValueError):
    """A value no plan can be made from. The message names the value, the rule it breaks and the nearest that works."""
