"""Attention kernels that ignore masks are not given any."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="SageAttention is patched in by a node that keeps masked calls away from kernels without masks",
    seen="guides that act on frames they should not touch",
    why="the CUDA kernels of SageAttention drop the mask without a word",
    mend="python scripts/apply_sage_mode.py FILE",
    by_hand="put AudioLoopHelperSageAttention in its place",
)
def sage_mask_safety(subject: Subject) -> Iterator[Finding]:
    """Looks at patches that reach a sampler. AudioLoopHelperSageAttention routes masked calls elsewhere in every mode."""
    flow = subject.flow
    for node in flow.of_type("PathchSageAttentionKJ"):
        kernel = flow.value(node, "sage_attention")
        if kernel in ("disabled", False, None) or "triton" in str(kernel):
            continue
        if node.id in subject.parts.before_samplers:
            yield Finding(node, f"sage_attention is {kernel}: masked calls lose their mask")
