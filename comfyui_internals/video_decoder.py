"""How ComfyUI's video VAEs decode: into a buffer that they are given, chunk by chunk, or in one piece."""

from __future__ import annotations

import inspect
from typing import Any

from .contact import Contact

CHUNKED_DECODE = Contact(
    "chunked decode of LTX's VAE",
    "the video is decoded in overlapping windows, which takes longer and can differ slightly from a decode in one piece",
)
LTX_VAE = ("comfy.ldm.lightricks", "VideoVAE")
"""Where the class of LTX 2's video VAE lies, and its name."""


def writes_chunks(model: Any) -> bool:
    """Whether the network of a VAE writes finished chunks into a buffer (`comfy_has_chunked_io`); LTX's is known to."""
    if not (_is_ltx_vae(model) or getattr(model, "comfy_has_chunked_io", False)):
        return False
    missing = [
        *([] if getattr(model, "comfy_has_chunked_io", False) else ["comfy_has_chunked_io"]),
        *([] if callable(getattr(model, "decode_output_shape", None)) else ["decode_output_shape"]),
        *([] if "output_buffer" in inspect.signature(model.decode).parameters else ["output_buffer of decode"]),
    ]
    if missing:
        CHUNKED_DECODE.is_gone(f"{type(model).__name__} has no {', '.join(missing)}")
    return not missing


def _is_ltx_vae(model: Any) -> bool:
    module, name = LTX_VAE
    return type(model).__name__ == name and type(model).__module__.startswith(module)
