"""Models that are on this machine already. Nothing is ever downloaded."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def hub_model(variable: str, name: str) -> Path | None:
    """The folder of a model: the one that a variable names, else the newest snapshot in the cache of the Hugging Face hub.

    Args:
        variable: The environment variable.
        name: The model's name on the hub.
    """
    given = os.environ.get(variable)
    if given:
        return Path(given) if (Path(given) / "config.json").is_file() else None
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    cache = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    snapshots = [*cache.glob(f"models--{name.replace('/', '--')}/snapshots/*/config.json")]
    return max(snapshots, key=lambda path: path.stat().st_mtime).parent if snapshots else None


def lacking(*modules: str) -> list[str]:
    """The modules that are not installed."""
    return [module for module in modules if importlib.util.find_spec(module) is None]
