"""The command line of the cost, for `scripts/estimate.py`.

Exit status: 0 known, 1 the graph does not say what it samples, 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..cost import reference_table
from ..cost.bounds import Limit, bound
from ..cost.cards import CARDS, SHARE_OF_PEAK, Card, card_named
from ..cost.cheaper import cheaper_recipes
from ..cost.memory import sampling_memory
from ..cost.recipe import Recipe, Sampling
from ..loop_control.errors import PlanError
from ..workflow_graph.console import exit_status, write_bytes
from ..workflow_graph.document import DocumentError, load
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .folders_of_comfyui import FoldersOfComfyUI
from .memory_beside_sampling import in_words
from .model_file import KnownWeights, known_weights
from .sampled import sampled
from .song import read_song

_PETA, _GIB = 1e15, 2**30
_USUAL_GIB = (8, 24)
"""Cards that decoding is told of if no card is named."""
_LIMITS = {
    Limit.COMPUTE: "compute",
    Limit.TRANSFER: "transfer: weights do not fit and are brought in every step",
    Limit.MEMORY: "memory: the largest step does not fit",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="estimate.py",
        description="Shows what a render costs before it is made: operations, memory, least time by card, and what costs less.",
    )
    parser.add_argument("workflow", type=Path, nargs="?", metavar="WORKFLOW", help="saved workflow, or API prompt")
    parser.add_argument("--audio", type=Path, metavar="F", help="the song")
    parser.add_argument("--card", metavar="NAME", help='one card, such as "RTX 4090"; all of the table if left out')
    parser.add_argument(
        "--comfyui", type=Path, metavar="FOLDER", help="ComfyUI's folder: the header of the workflow's model is read in it"
    )
    parser.add_argument("--table", action="store_true", help="print what the usual recipes cost, and nothing else")
    return parser


def run(options: argparse.Namespace) -> int:
    """Prints one estimate, or the table; returns the exit status.

    Raises:
        DocumentError: The workflow cannot be read, or no card is meant.
        PlanError: The song cannot be read.
    """
    if options.table:
        write_bytes(reference_table.as_text().encode())
        return 0
    if options.workflow is None or options.audio is None:
        raise DocumentError("name a WORKFLOW and its song with --audio, or ask for --table")
    flow = Flow(load(options.workflow), Schemas.load())
    found = sampled(flow, read_song(options.audio), None, frozenset())
    if found.recipe is None:
        sys.stderr.write(f"error: {found.unknown}\n")
        return 1
    folders = None if options.comfyui is None else FoldersOfComfyUI(options.comfyui, options.audio)
    known = known_weights(flow, None if folders is None else folders.model_file)
    lines = _lines(known, found.recipe, _cards(options.card))
    write_bytes(("\n".join(lines) + "\n").encode())
    return 0


def _cards(name: str | None) -> Sequence[Card]:
    if name is None:
        return CARDS
    card = card_named(name)
    if card is None:
        raise DocumentError(f"--card: {name} is not in the table; it has {', '.join(each.name for each in CARDS)}")
    return (card,)


def _lines(known: KnownWeights, recipe: Recipe, cards: Sequence[Card]) -> Iterator[str]:
    weights, model = known.weights, known.weights.architecture
    yield f"Model: {known.told} ({weights.transformer_bytes / _GIB:.1f} GiB, {weights.precision.value})"
    yield ""
    yield f"{'windows':>8}  {'size':>11}  {'steps':>5}  {'guides':>6}  {'calls':>6}  {'PFLOP a window':>14}  {'PFLOP':>8}"
    yield from (_row(known, sampling) for sampling in recipe.samplings)
    total = recipe.flops(model).total / _PETA
    yield f"Sampling: {total:.1f} PFLOP, {total / recipe.seconds:.3f} for each of {recipe.seconds:.1f} s of video"
    memory = sampling_memory(weights, recipe)
    yield (
        f"Memory: {memory.all_bytes / _GIB:.1f} GiB with all weights on the card, {memory.least_bytes / _GIB:.1f} GiB with "
        "weights brought block by block"
    )
    sizes = (cards[0].memory_gib,) if len(cards) == 1 else _USUAL_GIB
    yield f"Beside sampling: {'; '.join(in_words(recipe, sizes))}"
    yield ""
    yield f"Least minutes at {SHARE_OF_PEAK:.0%} of a card's peak, timed on none; loading, decoding and writing come on top"
    yield f"{'card':<24}{'16-bit attention':>18}{'8-bit attention':>18}  limit"
    for card in cards:
        plain, eight = (bound(weights, recipe, card, eight_bit_attention=each) for each in (False, True))
        if eight.fits:
            yield f"{card.name:<24}{plain.seconds / 60:>18.1f}{eight.seconds / 60:>18.1f}  {_LIMITS[eight.limit]}"
        else:
            yield f"{card.name:<24}{'-':>18}{'-':>18}  {_LIMITS[eight.limit]}"
    cheaper = cheaper_recipes(model, recipe)
    yield ""
    yield "Cheaper:" if cheaper else "Nothing that is known here costs less."
    for each in cheaper:
        yield f"  {each.words:<32} x{each.factor:.2f}"


def _row(known: KnownWeights, sampling: Sampling) -> str:
    flops = Recipe((sampling,)).flops(known.weights.architecture).total / _PETA
    count = len(sampling.windows)
    stage = sampling.stage
    size = f"{stage.width_px}x{stage.height_px}"
    each = flops / max(1, count)
    return (
        f"{count:>8}  {size:>11}  {stage.steps:>5}  {stage.guide_latents:>6}  {sampling.calls:>6}  {each:>14.2f}  {flops:>8.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    return exit_status(lambda: run(_parser().parse_args(arguments)), DocumentError, PlanError)
