"""Noise for a VAE that decodes by denoising: one draw for a whole clip, of which each piece gets its own frames.

Such a VAE (ComfyUI's LTX 2.4 `CausalDiffusionVAE`) draws seeded noise in the shape of the call. Pieces of a clip would each
get other noise, and differ everywhere from the decode in one piece and from each other where they overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

# Of host memory: 480 frames of 832x448 in bfloat16.
MOST_NOISE_BYTES = 2**30

_TIME = 2


class ClipNoise(TorchFunctionMode):
    """While it is entered by `at`, seeded noise for the frames of one piece is that of the whole clip.

    Args:
        frames: Frames of the whole clip.

    Attributes:
        whole: True as long as all noise handed out was a part of one draw for the whole clip, as the VAE makes it. A clip
            longer than `MOST_NOISE_BYTES` allow gets noise drawn frame by frame: pieces agree with each other, but not
            with a decode in one piece.
        used: True once any noise was handed out.
    """

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.whole = True
        self.used = False
        self._frames = frames
        self._first, self._count = 0, 0
        self._drawn: tuple[Any, torch.Tensor, torch.Tensor] | None = None

    @contextmanager
    def at(self, first: int, count: int) -> Iterator[None]:
        """A decode of the frames `[first, first + count)` of the clip."""
        self._first, self._count = first, count
        with self:
            yield

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is torch.randn and kwargs.get("generator") is not None:
            shape = args[0] if args and not isinstance(args[0], int) else args or kwargs.get("size", ())
            if len(shape) == 5 and shape[_TIME] == self._count:
                return self._part(tuple(shape), **kwargs)
        return func(*args, **kwargs)

    def _part(self, shape: tuple[int, ...], generator: torch.Generator, **options: Any) -> torch.Tensor:
        self.used = True
        options.pop("size", None)
        if self._bytes(shape, options) > MOST_NOISE_BYTES:
            self.whole = False
            return self._frame_by_frame(shape, generator, options)
        whole_shape = (*shape[:_TIME], self._frames, *shape[_TIME + 1 :])
        key = (whole_shape, generator.get_state().numpy().tobytes(), tuple(sorted((k, str(v)) for k, v in options.items())))
        if self._drawn is None or self._drawn[0] != key:
            noise = torch.randn(whole_shape, generator=generator, **options).cpu()
            self._drawn = (key, noise, generator.get_state())
        _, noise, after = self._drawn
        generator.set_state(after)
        part = noise[:, :, self._first : self._first + self._count]
        return part.to(device=options.get("device"), copy=True, memory_format=torch.contiguous_format)

    def _frame_by_frame(self, shape: tuple[int, ...], generator: torch.Generator, options: dict[str, Any]) -> torch.Tensor:
        seed = generator.initial_seed()
        one = (*shape[:_TIME], 1, *shape[_TIME + 1 :])
        frames = []
        for frame in range(self._first, self._first + self._count):
            generator.manual_seed(seed + frame)
            frames.append(torch.randn(one, generator=generator, **options))
        generator.manual_seed(seed)
        return torch.cat(frames, dim=_TIME)

    def _bytes(self, shape: tuple[int, ...], options: dict[str, Any]) -> int:
        numbers = self._frames * shape[0] * shape[1] * shape[3] * shape[4]
        return numbers * (options.get("dtype") or torch.get_default_dtype()).itemsize
