"""Which kernel computes a call in parts without its mask, merged by log-sum-exp: a pure decision.

ComfyUI adds a guide's strength to the logits as a mask and asks for full precision ("sageattn mask support is unreliable", says
`comfy/ldm/lightricks/model.py`), so the kernels that take no mask, the fastest, are lost for nearly all of a window's
attention. Merged, nothing sees a mask. The automatic modes keep to full precision all the same: a quantised kernel merges
guides only if the mode says so.
"""

from __future__ import annotations

from dataclasses import replace

from .core_backends import ANY_BACKEND, CoreBackend
from .exact_kernels import EXACT_NAMES, MERGE_ORDER
from .kernels import AUTO_ORDER, COMFY, KERNEL_NAMES, Kernel
from .routing import DEFAULT_MODE, QUANTIZED_GUIDES, CallShape, Capabilities, Decision, call_obstacle, machine_obstacle, rows

MERGED = "mask merged"
NOT_PER_KEY = "mask not one bias per key"
AUTOMATIC = (DEFAULT_MODE, QUANTIZED_GUIDES, "auto")


def merge_order(mode: str, capabilities: Capabilities, backend: CoreBackend = ANY_BACKEND) -> tuple[str, ...]:
    """Names of the kernels that this mode may merge with, best first; () if it merges nothing."""
    if mode in EXACT_NAMES or mode in KERNEL_NAMES:
        return (mode,)
    if mode not in (DEFAULT_MODE, QUANTIZED_GUIDES) or not backend.merges_guides:
        return ()
    order = MERGE_ORDER if backend.name != "flash" else ("flash_attn", *MERGE_ORDER)
    quantised = AUTO_ORDER.get(capabilities.arch or 0, ()) if mode == QUANTIZED_GUIDES else ()
    return (*quantised, *order)


def merge_route(
    mode: str,
    capabilities: Capabilities,
    call: CallShape,
    backend: CoreBackend = ANY_BACKEND,
    skip_under_seq_len: int = 0,
) -> Decision:
    """The kernel that merges the parts of a masked call, if its mask turns out to be one bias per key.

    Args:
        mode: one of `routing.MODES`.
        capabilities: what the machine offers.
        call: what the call looks like.
        backend: what ComfyUI would compute the call with.
        skip_under_seq_len: as in `routing.route`.

    Returns:
        The kernel, or `COMFY` if nothing is merged. The automatic modes merge on CUDA only: it spares a slower kernel there.
    """
    bare = replace(call, masked=False, full_precision=False)
    if min(call.q_len, call.kv_len) < skip_under_seq_len:
        return Decision(COMFY, "below skip_under_seq_len")
    if mode in AUTOMATIC and not call.on_cuda:
        return Decision(COMFY, "mask")
    for name in merge_order(mode, capabilities, backend):
        for kernel in rows(name):
            if kernel.log_sum_exp and _is_here(kernel, capabilities) and call_obstacle(kernel, bare) is None:
                return Decision(kernel, MERGED)
    return Decision(COMFY, "mask")


def merges(mode: str, capabilities: Capabilities) -> str | None:
    """The kernel that this mode merges guides with on this machine, as far as calls fit it; None if it merges none."""
    if mode in AUTOMATIC and capabilities.arch is None:
        return None
    order = merge_order(mode, capabilities)
    return next((name for name in order if any(row.log_sum_exp and _is_here(row, capabilities) for row in rows(name))), None)


def routing_words(mode: str, capabilities: Capabilities) -> str:
    """Words for the log on what a mode does on this machine; a call that does not fit is ComfyUI's."""
    named = mode in KERNEL_NAMES or mode in EXACT_NAMES
    names = (mode,) if named else AUTO_ORDER.get(capabilities.arch or 0, ())
    fast = next((name for name in names if any(_is_here(row, capabilities) for row in rows(name))), "ComfyUI's own attention")
    merging = merges(mode, capabilities)
    guides = f"merged with {merging}, without a mask" if merging else "masked"
    return f"calls without a mask by {fast}; guides of a strength other than 1 {guides}"


def _is_here(kernel: Kernel, capabilities: Capabilities) -> bool:
    return machine_obstacle(kernel, capabilities) is None
