"""How far the layers of an encoder look along time, and how many positions they make of so many.

Exact integers from kernel, stride, dilation and padding: what lies outside cannot change an output, and what lies inside can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """One layer along time.

    Attributes:
        kernel: Inputs that one output is made from.
        stride: Inputs from one output to the next.
        dilation: Inputs from one tap of the kernel to the next.
        before: Positions that are padded in front of the inputs.
        after: Positions that are padded behind them.
    """

    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0


def outputs(layers: Sequence[Layer], inputs: int) -> int:
    """Positions that come out of the last layer if `inputs` go into the first; 0 if they are too few."""
    for layer in layers:
        room = inputs + layer.before + layer.after - layer.dilation * (layer.kernel - 1) - 1
        inputs = max(0, room // layer.stride + 1)
    return inputs


def stride(layers: Sequence[Layer]) -> int:
    """Inputs from one output of the last layer to the next."""
    inputs = 1
    for layer in layers:
        inputs *= layer.stride
    return inputs


def field(layers: Sequence[Layer]) -> tuple[int, int]:
    """First and last input that output 0 is made from, both included; output k is made from those plus k strides."""
    first = last = 0
    for layer in reversed(layers):
        first = first * layer.stride - layer.before
        last = last * layer.stride - layer.before + layer.dilation * (layer.kernel - 1)
    return first, last
