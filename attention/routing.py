"""Which kernel computes an attention call: a pure decision over the table in `kernels`.

The one rule above all others: a mask is never dropped. A masked call goes to a kernel that honours masks, else to
ComfyUI's own attention, in every mode. `merge_routing` decides which calls do without their mask, to the same result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .exact_kernels import EXACT_NAMES, EXACT_TABLE
from .kernels import AUTO_ORDER, COMFY, KERNEL_NAMES, TABLE, Kernel, MaskSupport

DEFAULT_MODE = "auto_mask_aware"
QUANTIZED_GUIDES = "auto_quantized_guides"
GENERAL_MODES = (DEFAULT_MODE, QUANTIZED_GUIDES, "auto", "disabled")
MODES = (*GENERAL_MODES, *KERNEL_NAMES, *EXACT_NAMES)


class AttentionModeError(ValueError):
    """The mode cannot work on this machine; the message says why and what would."""


@dataclass(frozen=True)
class Capabilities:
    """The hardware and packages of this machine, as far as kernels need them.

    Attributes:
        arch: compute capability as major * 10 + minor; None without a CUDA device.
        cuda: CUDA release torch was built for, as (major, minor); () without.
        versions: installed release by import name, for packages that could be imported.
        functions: `package.function` of every kernel function found in them.
        mask_functions: those whose signature names `attn_mask`.
    """

    arch: int | None = None
    cuda: tuple[int, ...] = ()
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    functions: frozenset[str] = frozenset()
    mask_functions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CallShape:
    """The facts of one attention call that decide about its kernel.

    Attributes:
        q_len: query tokens.
        kv_len: key and value tokens.
        heads: query heads.
        kv_heads: key and value heads; fewer than `heads` under grouped-query attention.
        head_dim: width of one head.
        dtype: name of the torch dtype, such as "bfloat16".
        on_cuda: whether the tensors lie on a CUDA device.
        masked: whether there is a mask.
        causal: whether attention is causal.
        custom_scale: whether the caller gave a softmax scale.
        full_precision: whether the caller ruled low-precision attention out.
        on_cpu: whether the tensors lie in the processor's memory.
    """

    q_len: int
    kv_len: int
    heads: int
    kv_heads: int
    head_dim: int
    dtype: str
    on_cuda: bool = True
    masked: bool = False
    causal: bool = False
    custom_scale: bool = False
    full_precision: bool = False
    on_cpu: bool = False

    def __str__(self) -> str:
        heads = f"{self.heads}" if self.kv_heads == self.heads else f"{self.heads}/{self.kv_heads}"
        mask = ", masked" if self.masked else ""
        return f"{self.q_len} x {self.kv_len} tokens, {heads} heads of {self.head_dim}, {self.dtype}{mask}"


@dataclass(frozen=True)
class Decision:
    """A kernel and, in a few words that do not vary with the call's numbers, why."""

    kernel: Kernel
    reason: str


def parse_version(text: str) -> tuple[int, ...]:
    """The leading numbers of a release: "2.2.0+cu128torch2.9" is (2, 2, 0)."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def honours_mask(kernel: Kernel, capabilities: Capabilities) -> bool:
    """Whether the installed release of this kernel attends as the mask says."""
    if kernel.mask is MaskSupport.IF_IN_SIGNATURE:
        return kernel.qualified_function in capabilities.mask_functions
    return kernel.mask is MaskSupport.HONOURED


def machine_obstacle(kernel: Kernel, capabilities: Capabilities) -> str | None:
    """Why this machine cannot run the kernel at all; None if it can."""
    if not kernel.package:
        return None
    version = capabilities.versions.get(kernel.package)
    if version is None:
        return f"{kernel.package} is not installed"
    number = parse_version(version)
    if number < kernel.min_version or (kernel.below_version and number >= kernel.below_version):
        return f"{kernel.package} {version} is not a release with it"
    if kernel.qualified_function not in capabilities.functions:
        return f"this build of {kernel.package} {version} lacks {kernel.function}"
    if kernel.device == "cpu":
        return None
    if capabilities.arch is None:
        return "there is no CUDA device"
    if kernel.archs and capabilities.arch not in kernel.archs:
        return f"not built for sm{capabilities.arch}"
    if capabilities.cuda < kernel.min_cuda:
        return f"needs CUDA {'.'.join(map(str, kernel.min_cuda))}"
    return None


def call_obstacle(kernel: Kernel, call: CallShape) -> str | None:
    """Why the kernel cannot serve this call, leaving masks aside; None if it can."""
    if not kernel.package:
        return None
    checks = (
        (kernel.device == "cuda" and not call.on_cuda, "not on CUDA"),
        (kernel.device == "cpu" and not call.on_cpu, "not on the CPU"),
        (bool(kernel.dtypes) and call.dtype not in kernel.dtypes, f"dtype {call.dtype}"),
        (bool(kernel.head_dims) and call.head_dim not in kernel.head_dims, f"head width {call.head_dim}"),
        (0 < kernel.max_head_dim < call.head_dim, f"head width {call.head_dim}"),
        (min(call.q_len, call.kv_len) < kernel.min_seq_len, "sequence too short for the kernel"),
        (call.kv_len % kernel.kv_multiple != 0, f"keys not a multiple of {kernel.kv_multiple}"),
        (call.kv_heads != call.heads and not kernel.gqa, "grouped-query attention"),
        (call.causal and not kernel.causal, "causal attention"),
        (call.custom_scale and not kernel.scale, "softmax scale"),
    )
    return next((reason for applies, reason in checks if applies), None)


def rows(name: str) -> Iterator[Kernel]:
    """The rows of the tables that carry this name."""
    return (kernel for kernel in (*TABLE, *EXACT_TABLE) if kernel.name == name)


def offered_modes(capabilities: Capabilities) -> tuple[str, ...]:
    """Modes that can do something here: the general ones, then the kernels that are really there."""
    there = {kernel.name for kernel in (*TABLE, *EXACT_TABLE) if machine_obstacle(kernel, capabilities) is None}
    return (*GENERAL_MODES, *(name for name in (*KERNEL_NAMES, *EXACT_NAMES) if name in there))


def check_mode(mode: str, capabilities: Capabilities) -> None:
    """Refuses a mode that this machine cannot run.

    Raises:
        AttentionModeError: unknown mode, or an explicit kernel that is not there; with the way to install it.
    """
    if mode in GENERAL_MODES:
        return
    if mode not in MODES:
        raise AttentionModeError(f"attention mode {mode!r} is not known; choose one of {', '.join(MODES)}")
    obstacles = {kernel: machine_obstacle(kernel, capabilities) for kernel in rows(mode)}
    if None in obstacles.values():
        return
    # The row for this GPU says most; among equals the last one, the current generation.
    kernel = max(obstacles, key=lambda row: (capabilities.arch in row.archs, list(obstacles).index(row)))
    if kernel.package in capabilities.versions:
        hint = f"It needs: {' or '.join(requirements(row) for row in obstacles)}"
    else:
        hint = f"Install it with: {kernel.install}"
    raise AttentionModeError(
        f"attention mode {mode!r} cannot run here: {obstacles[kernel]}. {hint}. "
        f"Here you can choose {', '.join(offered_modes(capabilities))}."
    )


def requirements(kernel: Kernel) -> str:
    """The needs of a kernel, in words for people."""
    parts = [f"{kernel.package} {'.'.join(map(str, kernel.min_version))} or newer" if kernel.min_version else kernel.package]
    if kernel.below_version:
        parts.append(f"older than {'.'.join(map(str, kernel.below_version))}")
    if kernel.device == "cuda":
        parts.append("a GPU of " + ", ".join(f"sm{arch}" for arch in sorted(kernel.archs)) if kernel.archs else "an NVIDIA GPU")
    if kernel.min_cuda:
        parts.append(f"torch built for CUDA {'.'.join(map(str, kernel.min_cuda))}")
    return ", ".join(parts)


def route(mode: str, capabilities: Capabilities, call: CallShape, skip_under_seq_len: int = 0) -> Decision:
    """Decides which kernel computes a call.

    Args:
        mode: "auto_mask_aware": SageAttention's choice for this GPU, masked calls to a kernel that honours masks.
            "auto_quantized_guides": the same here; the difference is in `merge_routing`.
            "auto": the same for unmasked calls, masked ones always to ComfyUI's attention. "disabled": ComfyUI's
            attention. A kernel's name: that kernel wherever it fits.
        capabilities: what the machine offers.
        call: what the call looks like.
        skip_under_seq_len: calls with fewer queries or fewer keys than this stay with ComfyUI's attention.

    Returns:
        The kernel and the reason. ComfyUI's own attention is always a right answer.
    """
    if mode == "disabled":
        return Decision(COMFY, "disabled")
    if call.full_precision and mode not in EXACT_NAMES:
        return Decision(COMFY, "full precision asked for")
    if min(call.q_len, call.kv_len) < skip_under_seq_len:
        return Decision(COMFY, "below skip_under_seq_len")
    if call.masked and (mode == "auto" or mode in EXACT_NAMES):
        return Decision(COMFY, "mask")
    chosen = mode in (*KERNEL_NAMES, *EXACT_NAMES)
    names = (mode,) if chosen else AUTO_ORDER.get(capabilities.arch or 0, ())
    candidates = [kernel for name in names for kernel in rows(name)]
    if call.masked:
        candidates += [kernel for kernel in TABLE if kernel not in candidates]
        candidates = [kernel for kernel in candidates if honours_mask(kernel, capabilities)]
    there = [kernel for kernel in candidates if machine_obstacle(kernel, capabilities) is None]
    obstacles = {kernel: call_obstacle(kernel, call) for kernel in there}
    fitting = next((kernel for kernel, obstacle in obstacles.items() if obstacle is None), None)
    if fitting is not None:
        return Decision(fitting, "mask" if call.masked else "chosen" if chosen else "auto")
    if call.masked:
        return Decision(COMFY, "mask")
    return Decision(COMFY, next(iter(obstacles.values()), None) or "no kernel for this device")
