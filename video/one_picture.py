"""One picture of a batch: an animated file gives all its frames, and most nodes would take them as a clip."""

from __future__ import annotations

from torch import Tensor


def one_picture(images: Tensor) -> tuple[Tensor, str]:
    """The first picture (1, H, W, C) of an IMAGE (N, H, W, C), and a sentence about the others; empty if there are none.

    Raises:
        ValueError: There is no picture in the batch.
    """
    count = images.shape[0]
    if count < 1:
        raise ValueError("no picture arrives; choose a file with one in it")
    if count == 1:
        return images, ""
    return images[:1].clone(), f"{count} pictures arrive (an animation, or a batch): the first is used, the others are not."
