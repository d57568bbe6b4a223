"""Width and height are what the video model can make."""

from __future__ import annotations

from collections.abc import Iterator

from ...reading.flow import Flow, FlowNode
from ..rule import ERR, Finding, rule
from ..subject import Subject

_LATENTS = {"EmptyLTXVLatentVideo": ("width", "height")}
_SIZES = {
    "AudioLoopVideoSize": ("width", "height"),
    "ImageResizeKJv2": ("width", "height"),
    "LTXFramePlanner": ("target_width", "target_height"),
    "LTXSmartImageResize": ("width", "height"),
    "ResizeImageMaskNode": ("resize_type.width", "resize_type.height"),
}
_STEP, _TWO_STAGE_STEP = 32, 64


@rule(
    severity=ERR,
    summary="width and height are multiples of 32, of 64 if the graph has two stages",
    seen="a smaller video than asked for, or a picture that is squeezed or shifted against it",
    why="one latent is 32 by 32 pixels, and sizes between are rounded down without a word",
    mend="set the nearest size; python scripts/validate_workflow_resolution.py FILE names it",
)
def resolution(subject: Subject) -> Iterator[Finding]:
    """Looks at the sizes written in the graph, of empty latents and of pictures that reach a sampler."""
    flow = subject.flow
    full = _TWO_STAGE_STEP if subject.parts.is_two_stage else _STEP
    seen: set[tuple[str, int | float]] = set()
    for node in flow.of_type(_SIZES, _LATENTS):
        usual = full if node.type in _SIZES else _STEP
        if node.type in _SIZES and node.id not in subject.parts.before_samplers:
            continue
        for name in {**_SIZES, **_LATENTS}[node.type]:
            value = flow.number(node, name)
            step = _STEP if _is_half(flow, node, name) else usual
            short = name.rsplit(".", 1)[-1].removeprefix("target_")
            if value is None or value % step == 0 or (short, value) in seen:
                continue
            seen.add((short, value))
            below = max(step, int(value // step) * step)
            stages = " (this graph has two stages)" if step == _TWO_STAGE_STEP else ""
            yield Finding(
                node,
                f"{short} is {value:g}, not a multiple of {step}{stages}; the nearest are {below} and {below + step}",
            )


def _is_half(flow: Flow, node: FlowNode, name: str) -> bool:
    """Whether an input takes half of a size: that of a first stage."""
    origin = flow.origin(node, name)
    return origin is not None and origin[1].startswith("half_")
