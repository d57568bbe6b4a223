"""The stores of the runs that are open: one object for each."""

from __future__ import annotations

import threading
from pathlib import Path

from ...comfyui_internals.ltx_latents import nested_class
from ...files.names import clean_name
from ..folders import runs_folder
from ..runs.store import Store
from ..segments.latent_file import LatentCodec

_stores: dict[tuple[Path, str], Store] = {}
_stores_guard = threading.Lock()


def open_store(run: str, identity: str = "") -> Store:
    """The store of a run; one object per run, so that what its folder does not take stays in memory."""
    key = runs_folder(), clean_name(run)
    with _stores_guard:
        if key not in _stores:
            _stores[key] = Store(*key, LatentCodec(nested_class()), identity=identity)
        _stores[key].identify(identity)
        return _stores[key]
