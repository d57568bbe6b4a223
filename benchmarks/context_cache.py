"""Deviation that keeping the keys and values of a window's context over its steps would cost; no times.

    python benchmarks/context_cache.py

The context of a window, its first latents, has mask 0: the sampler puts the same values there before each step. What the model
makes of them still changes, as they attend to the rest of the window, which changes. Their keys and values, kept from an
earlier step, are therefore an approximation; they would save the context's share of tokens in all steps but those that make
them anew. Here all is computed, and the kept keys and values are put in place of the new ones.

The window is the default one in time (63 latents, 7 of them context, 8 steps of the distilled model) and small in space. The
model has LTX 2.3's architecture with tiny widths and random weights: how much a trained model minds is not measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import _setup

LATENTS, CONTEXT, HEIGHT, WIDTH, AUDIO = 63, 7, 2, 2, 497
TEXT_TOKENS = 64
SIGMAS = (1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0)
BLOCKS = (2, 8, 24)
EVERY = (1, 2, 4, 8)
"""Steps after which keys and values are made anew: 1 is the exact render, 8 keeps those of the first step to the end."""


def main() -> None:
    """Measures and prints a table."""
    _setup.enter_environment()
    _setup.import_comfy()
    import torch
    from attention_step import random_model

    torch.set_num_threads(1)  # operators of a tiny model are too small to share
    saved_share = CONTEXT / LATENTS
    print(f"{LATENTS} latents, {CONTEXT} of them context, {HEIGHT * WIDTH} tokens each; deviation of the new latents")
    print("| blocks | made anew every | tokens saved | largest | mean | relative (norm) | context left out |")
    print("|---|---|---|---|---|---|---|")
    for blocks in BLOCKS:
        torch.manual_seed(0)
        model, _ = random_model(blocks, {})
        exact = window(model, None)
        # What the context does to the window at all: an error near this would mean that it might as well be left out.
        without = relative(window(model, None, context=0.0), exact)
        for every in EVERY:
            got = window(model, ContextCache(every))
            saved = saved_share * (1 - 1 / every)
            difference = (got - exact).abs()
            print(
                f"| {blocks} | {every} | {saved:.1%} | {difference.max().item():.2e} | {difference.mean().item():.2e} "
                f"| {relative(got, exact):.2e} | {without:.2e} |",
                flush=True,
            )


def relative(got: Any, exact: Any) -> float:
    """Norm of the difference over the norm of the exact result."""
    return float((got - exact).norm() / exact.norm())


class ContextCache:
    """Attention override that puts the keys and values of an earlier step in place of the context's.

    Args:
        every: steps after which they are made anew.
    """

    def __init__(self, every: int) -> None:
        self.every = every
        self.step = -1
        self._calls = 0
        self._kept: dict[int, tuple[Any, Any]] = {}

    def begin_step(self) -> None:
        """A pass through the model begins."""
        self.step += 1
        self._calls = 0

    def __call__(self, func: Callable[..., Any], q: Any, k: Any, v: Any, heads: int, **kwargs: Any) -> Any:
        """Computes one call; those whose keys are the video's see kept ones for the context."""
        if k.shape[1] == LATENTS * HEIGHT * WIDTH:
            tokens = CONTEXT * HEIGHT * WIDTH
            number, self._calls = self._calls, self._calls + 1
            if self.step % self.every == 0:
                self._kept[number] = (k[:, :tokens].clone(), v[:, :tokens].clone())
            else:
                k, v = k.clone(), v.clone()
                k[:, :tokens], v[:, :tokens] = self._kept[number]
        return func(q, k, v, heads, **kwargs)


def window(model: Any, cache: ContextCache | None, context: float = 1.0) -> Any:
    """The new latents of a window, (1, 128, LATENTS - CONTEXT, HEIGHT, WIDTH).

    Args:
        model: ModelPatcher.
        cache: keeps keys and values; None computes all of them.
        context: factor on the context's values.
    """
    import comfy.samplers
    import torch
    from comfy.nested_tensor import NestedTensor

    generator = torch.Generator().manual_seed(1)

    def random(*shape: int) -> Any:
        return torch.randn(shape, generator=generator)

    shapes = ((1, 128, LATENTS, HEIGHT, WIDTH), (1, 8, AUDIO, 16))
    noise = [random(*shape) for shape in shapes]
    video = random(*shapes[0])
    video[:, :, :CONTEXT] *= context
    masks = [torch.ones(1, 1, LATENTS, HEIGHT, WIDTH), torch.zeros(1, 1, AUDIO, 16)]
    masks[0][:, :, :CONTEXT] = 0.0
    clone = model.clone()
    options = clone.model_options.setdefault("transformer_options", {})
    if cache is not None:
        options["optimized_attention_override"] = cache

        def begin(executor: Any, *args: Any, **kwargs: Any) -> Any:
            cache.begin_step()
            return executor(*args, **kwargs)

        options.setdefault("wrappers", {}).setdefault("diffusion_model", {})["context_cache"] = [begin]
    diffusion_model = model.get_model_object("diffusion_model")
    width = diffusion_model.cross_attention_dim + diffusion_model.audio_cross_attention_dim
    guider = comfy.samplers.CFGGuider(clone)
    guider.set_conds([[random(1, TEXT_TOKENS, width), {}]], [])
    guider.set_cfg(1.0)
    out = guider.sample(
        NestedTensor(noise),
        NestedTensor([video, random(*shapes[1])]),
        comfy.samplers.ksampler("euler"),
        torch.tensor(SIGMAS),
        denoise_mask=NestedTensor(masks),
        disable_pbar=True,
    )
    return out.unbind()[0][:, :, CONTEXT:]


if __name__ == "__main__":
    main()
