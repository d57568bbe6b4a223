"""Attention kernels that do not quantise and tell the log-sum-exp of their logits, so that guides can be merged.

Conventions read off the sources: torch's `aten/src/ATen/native/transformers` (its operators return the log-sum-exp in natural
logarithms, float32), github.com/Dao-AILab/flash-attention (`flash_attn/flash_attn_interface.py`, `return_attn_probs`;
FlashAttention-3 is `hopper/flash_attn_interface.py`, whose first releases return the log-sum-exp unasked).
"""

from __future__ import annotations

from dataclasses import replace

from .kernels import AMPERE_AND_LATER, HALF, Kernel

BFLOAT16_TOLERANCE = 0.006
"""Relative error (norm over norm) of a merged result in bfloat16, which keeps 8 bits: each part is rounded, then their mix.
ComfyUI's masked answer has 0.0023, the merged one 0.0028, measured on the CPU."""

INSTALL_TORCH = "it comes with torch; this build has none for this device"
INSTALL_FLASH = "pip install flash-attn --no-build-isolation (needs the CUDA toolkit)"
INSTALL_FLASH_3 = (
    "git clone https://github.com/Dao-AILab/flash-attention, then in hopper: python setup.py install (needs a Hopper GPU)"
)

_TORCH_CUDA = Kernel(
    name="torch_flash",
    package="torch",
    function="_scaled_dot_product_flash_attention",
    archs=AMPERE_AND_LATER,
    max_head_dim=256,
    dtypes=HALF,
    layouts=("HND",),
    gqa=False,
    log_sum_exp="torch_flash",
    tolerance=BFLOAT16_TOLERANCE,
    install=INSTALL_TORCH,
)

EXACT_TABLE: tuple[Kernel, ...] = (
    _TORCH_CUDA,
    replace(
        _TORCH_CUDA,
        function="_scaled_dot_product_flash_attention_for_cpu",
        device="cpu",
        archs=frozenset(),
        dtypes=HALF | {"float32"},
        max_head_dim=0,
        log_sum_exp="torch_flash_cpu",
    ),
    replace(
        _TORCH_CUDA,
        name="torch_cudnn",
        function="_scaled_dot_product_cudnn_attention",
        max_head_dim=128,
        log_sum_exp="torch_cudnn",
    ),
    replace(
        _TORCH_CUDA,
        name="torch_efficient",
        function="_scaled_dot_product_efficient_attention",
        archs=frozenset(),
        dtypes=HALF | {"float32"},
        log_sum_exp="torch_efficient",
    ),
    Kernel(
        name="flash_attn",
        package="flash_attn",
        function="flash_attn_func",
        min_version=(2, 0),
        archs=AMPERE_AND_LATER,
        max_head_dim=256,
        dtypes=HALF,
        layouts=("NHD",),
        log_sum_exp="flash_attn",
        tolerance=BFLOAT16_TOLERANCE,
        install=INSTALL_FLASH,
    ),
    Kernel(
        name="flash_attn_3",
        package="flash_attn_interface",
        function="flash_attn_func",
        archs=frozenset({90}),
        max_head_dim=256,
        dtypes=HALF,
        layouts=("NHD",),
        log_sum_exp="flash_attn_3",
        tolerance=BFLOAT16_TOLERANCE,
        install=INSTALL_FLASH_3,
    ),
)

EXACT_NAMES: tuple[str, ...] = tuple(dict.fromkeys(kernel.name for kernel in EXACT_TABLE))

MERGE_ORDER: tuple[str, ...] = ("flash_attn_3", "torch_flash", "flash_attn")
"""Kernels that the automatic modes merge guides with, best first: those that cannot take a mask at all, so that a guide would
send the call to a slower one. torch's memory-efficient and cuDNN kernels take masks; merging with them is for who asks."""
