"""Errors of a farm, one class per thing a caller may want to treat differently."""

from __future__ import annotations


class ServerLostError(RuntimeError):
    """A server went away while it worked; another one does the job again."""


class NoServerLeftError(RuntimeError):
    """All servers went away."""
