"""Weights of optional judges on this machine. Nothing is downloaded: what is not there is `model_unavailable`."""

from __future__ import annotations

import os
from pathlib import Path


def file_named_by(variable: str) -> Path | None:
    """The file that an environment variable names; None if there is none."""
    given = os.environ.get(variable)
    return Path(given) if given and Path(given).is_file() else None


def unavailable(status: str, why: str, *metrics: str) -> dict[str, str | None]:
    """Metrics without values, because their model is not there.

    Args:
        status: Name of the status.
        why: What is missing, and where it is looked for.
        *metrics: Names of the metrics.
    """
    return {**dict.fromkeys(metrics), status: f"model_unavailable: {why}"}
