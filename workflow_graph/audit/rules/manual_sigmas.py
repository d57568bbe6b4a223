"""The distilled model is sampled at the noise levels that it was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....loop_control.noise_levels import REFINING, TRAINED
from ...reading.flow import Flow, FlowNode
from ...shipped.models import DISTILLED_SIGMAS
from ..rule import WARN, Finding, rule
from ..subject import Subject

_CHOSEN = "AudioLoopSigmas"
_TOLERANCE = 1e-3


@rule(
    severity=WARN,
    summary="the distilled model gets its own 8 noise levels",
    seen="a look that differs from other renders of this model",
    why="a formula only comes near the levels that the model was trained on",
    mend=f'put ManualSigmas with "{DISTILLED_SIGMAS}" there',
)
def manual_sigmas(subject: Subject) -> Iterator[Finding]:
    """Looks at where each sampling gets its sigmas."""
    flow, parts = subject.flow, subject.parts
    if not parts.is_distilled:
        return
    for node in dict.fromkeys(flow.feeding(sampler, "sigmas") for sampler in parts.samplers):
        if node is None:
            continue
        if node.type == _CHOSEN:
            continue
        if node.type != "ManualSigmas":
            shifted = next((n for n in flow.upstream(node, "model", kinds=("MODEL",)) if n.type == "ModelSamplingSD3"), None)
            yield Finding(node, f"computes the noise levels{_shift(shifted)}")
            continue
        if holds_distilled_levels(flow, node) is False:
            yield Finding(node, "holds other noise levels than those of the distilled model")


def holds_distilled_levels(flow: Flow, node: FlowNode) -> bool | None:
    """Whether a node holds levels of the distilled model, or their end; None if that cannot be told."""
    if node.type == _CHOSEN:
        return True
    levels = _read(flow.value(node, "sigmas")) if node.type == "ManualSigmas" else None
    return None if levels is None else _is_tail(levels, TRAINED) or _is_tail(levels, REFINING)


def _shift(node: FlowNode | None) -> str:
    return f", through {node} with shift {node.inputs.get('shift')}" if node is not None else ""


def _read(text: object) -> tuple[float, ...] | None:
    if not isinstance(text, str):
        return None
    try:
        return tuple(float(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        return ()


def _is_tail(levels: Sequence[float], wanted: Sequence[float]) -> bool:
    tail = wanted[-len(levels) :] if levels else ()
    return (
        len(tail) > 1 and len(tail) == len(levels) and all(abs(a - b) < _TOLERANCE for a, b in zip(levels, tail, strict=True))
    )
