"""The table of SageAttention's kernels: what each one needs and what it honours. Those that round nothing to 8 bits are in
`exact_kernels`.

Read off SageAttention's own sources (github.com/thu-ml/SageAttention: `sageattention/core.py`, `setup.py`,
`sageattention3_blackwell/sageattn3/api.py`, and the 1.0.6 release on PyPI). Rows, not branches: a new kernel is a new
row, and `routing.route` never names one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class MaskSupport(Enum):
    """The ways in which a kernel treats an attention mask."""

    DROPPED = "dropped"
    """It takes the argument into `**kwargs`, or not at all, and attends to everything."""
    IF_IN_SIGNATURE = "if in signature"
    """Releases differ; those that honour a mask name `attn_mask` in their signature."""
    HONOURED = "honoured"


@dataclass(frozen=True)
class Kernel:
    """One way to compute attention.

    Attributes:
        name: what the node offers.
        package: import name of the package; "" if ComfyUI brings it.
        function: name of the callable in the package.
        min_version: first release that has it, inclusive.
        below_version: first release that no longer has it in this form, exclusive; () for none.
        archs: compute capabilities as major * 10 + minor; empty means any device, CPUs too.
        min_cuda: lowest CUDA release torch may be built for; () for any.
        head_dims: widths the kernel takes as they are; empty means any up to `max_head_dim`.
        max_head_dim: widest head; 0 for no limit. Widths below it are padded by the kernel itself.
        dtypes: names of torch dtypes; empty means any.
        layouts: "NHD" is (batch, tokens, heads, width), "HND" is (batch, heads, tokens, width).
        min_seq_len: queries and keys below this are not worth it, or not supported.
        kv_multiple: number of keys must be a multiple of this.
        mask: what it does with a mask.
        gqa: takes fewer key heads than query heads.
        causal: can attend causally.
        scale: takes another softmax scale than `head_dim ** -0.5`.
        writes_keys: overwrites the key tensor that it is given.
        device: "cuda" or "cpu"; the one that it computes on.
        log_sum_exp: how it is asked for the log-sum-exp of its logits beside the result, a key of
            `log_sum_exp.CONVENTIONS`; "" if it cannot tell.
        options: further keyword arguments that select this kernel.
        tolerance: relative error (norm of the difference over norm of the reference) that its quantisation may cost on
            normally distributed inputs; about 0.013 was measured for the Triton rows with
            `benchmarks/attention_interpreter.py`. None if nobody has measured it yet: the CUDA rows.
        install: how to get it.
    """

    name: str
    package: str = ""
    function: str = ""
    min_version: tuple[int, ...] = ()
    below_version: tuple[int, ...] = ()
    archs: frozenset[int] = frozenset()
    min_cuda: tuple[int, ...] = ()
    head_dims: frozenset[int] = frozenset()
    max_head_dim: int = 0
    dtypes: frozenset[str] = frozenset()
    layouts: tuple[str, ...] = ("NHD", "HND")
    min_seq_len: int = 0
    kv_multiple: int = 1
    mask: MaskSupport = MaskSupport.DROPPED
    gqa: bool = True
    causal: bool = True
    scale: bool = True
    writes_keys: bool = False
    device: str = "cuda"
    log_sum_exp: str = ""
    options: tuple[tuple[str, str], ...] = ()
    tolerance: float | None = None
    install: str = ""

    @property
    def qualified_function(self) -> str:
        """`package.function`, the name under which capabilities list it."""
        return f"{self.package}.{self.function}"


HALF = frozenset({"float16", "bfloat16"})
AMPERE_TO_HOPPER = frozenset({80, 86, 87, 89, 90})
AMPERE_AND_LATER = frozenset({80, 86, 87, 89, 90, 100, 120, 121})

INSTALL_V1 = "pip install sageattention==1.0.6"
INSTALL_V2 = "pip install sageattention==2.2.0 --no-build-isolation (needs the CUDA toolkit)"
INSTALL_V3 = (
    "git clone https://github.com/thu-ml/SageAttention, then in sageattention3_blackwell: pip install . "
    "--no-build-isolation (needs Python 3.13, CUDA 12.8 and a Blackwell GPU)"
)

COMFY = Kernel(name="comfy", mask=MaskSupport.HONOURED)
"""ComfyUI's own attention, whatever it was started with. Honours every argument on every device."""

_RELEASE_2 = Kernel(
    name="",
    package="sageattention",
    min_version=(2, 0),
    max_head_dim=128,
    dtypes=HALF,
    log_sum_exp="sage",
    install=INSTALL_V2,
)
"""Capabilities that all kernels of release 2 share."""

_FP8 = replace(_RELEASE_2, function="sageattn_qk_int8_pv_fp8_cuda", options=(("pv_accum_dtype", "fp32+fp32"),))
_FP8_PLUS = replace(_FP8, min_version=(2, 2), min_cuda=(12, 8), options=(("pv_accum_dtype", "fp32+fp16"),))

TABLE: tuple[Kernel, ...] = (
    # The release on PyPI: pure Triton, one function, which subtracts the mean of the keys in place. It does not mask
    # the rest of its last block of 64 keys, so every missing key counts as one with logit 0: measured under Triton's
    # interpreter, relative error 0.14 at 200 keys and 0.04 at 300, against 0.012 at 192, 256 and 320.
    Kernel(
        name="sage_fp16_triton",
        package="sageattention",
        function="sageattn",
        min_version=(1, 0),
        below_version=(2, 0),
        archs=AMPERE_TO_HOPPER,
        head_dims=frozenset({64, 96, 128}),
        dtypes=HALF | {"float32"},
        kv_multiple=64,
        writes_keys=True,
        tolerance=0.03,
        install=INSTALL_V1,
    ),
    # "triton kernel is currently not usable on sm120" says the dispatcher of SageAttention itself.
    replace(
        _RELEASE_2,
        name="sage_fp16_triton",
        function="sageattn_qk_int8_pv_fp16_triton",
        archs=AMPERE_TO_HOPPER,
        mask=MaskSupport.IF_IN_SIGNATURE,
        tolerance=0.03,
    ),
    replace(
        _RELEASE_2,
        name="sage_fp16_cuda",
        function="sageattn_qk_int8_pv_fp16_cuda",
        archs=AMPERE_AND_LATER,
        options=(("pv_accum_dtype", "fp32"),),
    ),
    replace(_FP8, name="sage_fp8_cuda", archs=frozenset({89, 100, 120, 121}), min_cuda=(12, 4)),
    replace(_FP8_PLUS, name="sage_fp8_cuda++", archs=frozenset({89})),
    # On Blackwell the same function must quantise per warp.
    replace(
        _FP8_PLUS,
        name="sage_fp8_cuda++",
        archs=frozenset({120, 121}),
        options=(*_FP8_PLUS.options, ("qk_quant_gran", "per_warp")),
    ),
    # Hopper has a build of its own.
    replace(
        _FP8,
        name="sage_fp8_cuda",
        function="sageattn_qk_int8_pv_fp8_cuda_sm90",
        archs=frozenset({90}),
        min_cuda=(12, 3),
    ),
    # Takes `attn_mask` and ignores it; its mean over groups of 128 tokens and ComfyUI's own use ask for long sequences.
    Kernel(
        name="sage3_blackwell",
        package="sageattn3",
        function="sageattn3_blackwell",
        min_version=(1, 0),
        archs=frozenset({100, 120, 121}),
        min_cuda=(12, 8),
        head_dims=frozenset({64, 128}),
        dtypes=HALF,
        layouts=("HND",),
        min_seq_len=1025,
        mask=MaskSupport.DROPPED,
        gqa=False,
        scale=False,
        writes_keys=True,
        install=INSTALL_V3,
    ),
)

AUTO_ORDER: dict[int, tuple[str, ...]] = {
    80: ("sage_fp16_cuda", "sage_fp16_triton"),
    86: ("sage_fp16_triton", "sage_fp16_cuda"),
    87: ("sage_fp16_triton", "sage_fp16_cuda"),
    89: ("sage_fp8_cuda++", "sage_fp8_cuda", "sage_fp16_triton"),
    90: ("sage_fp8_cuda", "sage_fp16_triton"),
    100: ("sage_fp8_cuda", "sage_fp16_cuda"),
    120: ("sage_fp8_cuda++", "sage_fp8_cuda"),
    121: ("sage_fp8_cuda++", "sage_fp8_cuda"),
}
"""Order of "auto" on each architecture: SageAttention's own choice, then what is nearest to it. FP4 (`sage3`)
is never chosen for the user: its authors recommend it for some layers and steps only."""

KERNEL_NAMES: tuple[str, ...] = tuple(dict.fromkeys(kernel.name for kernel in TABLE))
