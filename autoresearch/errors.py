"""Errors of the harness, one class per thing that a caller treats differently."""

from __future__ import annotations


class HarnessError(ValueError):
    """Something that was given cannot be rendered or kept; the message says what to change."""


class TrackerError(RuntimeError):
    """The file of runs cannot be opened or written."""
