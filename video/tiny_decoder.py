"""The tiny video decoder for previews, if its file is there: ComfyUI looks for it at the same place under the same name."""

from __future__ import annotations

import functools
import logging
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

FOLDER = "vae_approx"
FILE_PREFIX = "taeltx_2"


def tiny_decoder() -> Any:
    """A `comfy.sd.VAE` of `models/vae_approx/taeltx_2*`; None if there is no such file, or it cannot be used."""
    import folder_paths

    names = [name for name in folder_paths.get_filename_list(FOLDER) if Path(name).name.startswith(FILE_PREFIX)]
    path = folder_paths.get_full_path(FOLDER, sorted(names)[0]) if names else None
    return None if path is None else _loaded(path, Path(path).stat().st_mtime_ns)


@functools.lru_cache(maxsize=1)
def _loaded(path: str, changed_ns: int) -> Any:  # noqa: ARG001  a file that was replaced is read again
    from comfy.sd import VAE
    from comfy.utils import load_torch_file

    try:
        vae = VAE(sd=load_torch_file(path, safe_load=True))
        vae.throw_exception_if_invalid()
    except Exception as error:
        log.warning("previews are made without %s, which cannot be used: %s", path, error)
        return None
    return vae
