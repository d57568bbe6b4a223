"""A part of the pack that no node class stands in."""

FACTOR = 1.0
