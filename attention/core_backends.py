"""ComfyUI's own attention backends: what each does with a mask, and what the automatic modes leave to it.

Read off ComfyUI's `comfy/ldm/modules/attention.py`. Which of them a call would use is known by the function that ComfyUI hands
to an override.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class CoreBackend:
    """One backend of ComfyUI.

    Attributes:
        name: as ComfyUI registers it.
        chosen_by: how a user gets it; "" if it is what ComfyUI takes by itself.
        masked: what it does with a masked call.
        keeps_calls: the automatic modes leave calls on a GPU to it: it is somebody's choice.
        merges_guides: the automatic modes may merge guides in its place.
    """

    name: str
    chosen_by: str
    masked: str
    keeps_calls: bool
    merges_guides: bool


CORE_BACKENDS: Mapping[str, CoreBackend] = MappingProxyType(
    {
        "attention_pytorch": CoreBackend(
            "pytorch", "", "torch's flash attention takes no mask, so a slower kernel of torch computes it", False, True
        ),
        "attention_comfy_kitchen_int8": CoreBackend(
            "comfy_kitchen_int8",
            "--use-ck-attention, Model Attention Backend, or the checkpoint",
            "its INT8 kernel takes the mask, but cannot tell a log-sum-exp; nothing is left to gain",
            True,
            False,
        ),
        "attention_sage": CoreBackend(
            "sage", "--use-sage-attention", "a guide's call goes to pytorch, as ComfyUI asks for full precision", False, True
        ),
        "attention3_sage": CoreBackend("sage3", "another node", "it goes to pytorch", True, True),
        "attention_flash": CoreBackend(
            "flash", "--use-flash-attention", "it fails with a warning and torch's kernels compute it", True, True
        ),
        "attention_xformers": CoreBackend(
            "xformers", "xformers is installed", "its memory-efficient kernel takes the mask", False, True
        ),
        "attention_sub_quad": CoreBackend(
            "sub_quad", "--use-quad-cross-attention", "it adds the mask to its pieces of logits", True, False
        ),
        "attention_split": CoreBackend("split", "--use-split-cross-attention", "it adds the mask to its logits", True, False),
    }
)
"""By the name of the function."""

ANY_BACKEND = CoreBackend("another node's attention", "another node", "unknown", False, True)


def backend_of(function: object) -> CoreBackend:
    """The backend whose function this is; `ANY_BACKEND` for a function that is not ComfyUI's own."""
    return CORE_BACKENDS.get(getattr(function, "__name__", ""), ANY_BACKEND)
