"""Seconds and memory of one sampling step of each shipped recipe, beside what `cost/` foresees.

    python benchmarks/recipe_steps.py [--blocks 48] [--steps 3]

The transformer has LTX 2.3's widths and random weights in bfloat16 (about 40 GB for 48 blocks). If the card has too
little memory for them, give fewer blocks; time and operations are almost in proportion to them, and the table says how
many there were. Without a GPU it is the tiny model at an eighth of each side, which only shows that the benchmark runs.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import _setup
from attention_step import REAL_BLOCKS, REAL_WIDTHS, random_model, seconds_per_step

_TINY_SHARE = 8
_GIB = 2**30


@dataclass(frozen=True)
class Recipe:
    """The shape of a window's step."""

    name: str
    width_px: int
    height_px: int
    latents: int
    audio_latents: int


RECIPES = (
    Recipe("one stage, 832x448, 19.88 / 2", 832, 448, 64, 497),
    Recipe("one stage, 832x448, 12 / 2", 832, 448, 39, 297),
    Recipe("draft of 1280x704, 19.88 / 2", 640, 352, 64, 497),
    Recipe("finish 1280x704, 8 / 1", 1280, 704, 26, 193),
    Recipe("one stage, 1280x704, 12 / 2", 1280, 704, 39, 297),
    Recipe("draft of 1920x1088, 19.88 / 2", 960, 544, 64, 497),
    Recipe("finish 1920x1088, 8 / 1", 1920, 1088, 26, 193),
)


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=REAL_BLOCKS, help="transformer blocks, on a GPU")
    parser.add_argument("--steps", type=int, default=3, help="timed steps; the median is printed")
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    import torch

    from audio_loop.cost.architecture import architecture_of
    from audio_loop.cost.bounds import compute_seconds
    from audio_loop.cost.cards import card_named
    from audio_loop.cost.memory import call_bytes
    from audio_loop.cost.model_call import ModelCall, call_flops
    from audio_loop.cost.weights import Precision
    from audio_loop.demo import tiny_architecture

    cuda = torch.cuda.is_available()
    widths = REAL_WIDTHS if cuda else {}
    model, blocks = random_model(arguments.blocks if cuda else 2, widths)
    sizes = architecture_of({**tiny_architecture.TRANSFORMER, **widths, "num_layers": blocks})
    device = torch.cuda.get_device_name() if cuda else "CPU, the tiny model at an eighth of each side"
    card = card_named(device)
    print(f"{device}, torch {torch.__version__}, {blocks} blocks")
    print("| recipe | video tokens | TFLOP a step | s / step | TFLOP/s | least s by count | peak GiB | by count GiB |")
    print("|---|---|---|---|---|---|---|---|")
    # Brings the weights to where they stay, so that the peaks below are those of the steps.
    seconds_per_step(model, ((1, 128, 4, 4, 4), (1, 8, 29, 16)), 1)
    for recipe in RECIPES:
        side = 32 if cuda else 32 * _TINY_SHARE
        height, width = recipe.height_px // side, recipe.width_px // side
        shapes = ((1, 128, recipe.latents, height, width), (1, 8, recipe.audio_latents, 16))
        if cuda:
            torch.cuda.empty_cache()
            before = torch.cuda.memory_allocated()
            torch.cuda.reset_peak_memory_stats()
        seconds = seconds_per_step(model, shapes, arguments.steps)
        peak = f"{(torch.cuda.max_memory_allocated() - before) / _GIB:.2f}" if cuda else "not run"
        # One timestep for all: the benchmark gives no masks.
        call = ModelCall(recipe.latents, height * width, recipe.audio_latents, has_masks=False)
        flops = call_flops(sizes, call)
        least = "no card"
        if card is not None:
            least = f"{compute_seconds(flops, Precision.BF16, card, eight_bit_attention=False):.3f}"
        tera, by_count = flops.total / 1e12, call_bytes(sizes, call) / _GIB
        print(
            f"| {recipe.name} | {call.video_tokens} | {tera:.4g} | {seconds:.3f} | {tera / seconds:.3g} | {least} | {peak} "
            f"| {by_count:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
