"""What docs/cost.md, the README and others say of the work of a render is what the formula gives."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from audio_loop.cost import memory
from audio_loop.cost.architecture import PUBLISHED_22B
from audio_loop.cost.cards import SHARE_OF_PEAK
from audio_loop.cost.model_call import ModelCall
from audio_loop.cost.recipe import HALF
from audio_loop.cost.reference_table import FIRST_STEPS, SECOND_STEPS, card_seconds, default_step, rows
from audio_loop.cost.stage import Stage, flops_per_second
from audio_loop.cost.weights import PUBLISHED_FP8
from audio_loop.loop_control.geometry import make_geometry
from audio_loop.workflow_graph.shipped import finish
from audio_loop.workflow_graph.shipped.models import DISTILLED_LORA
from audio_loop.workflow_graph.shipped.variant import Variant

from .phrases import check, told
from .shipped import DEFAULT as DEFAULT_GRAPH
from .shipped import value

FPS = Fraction(25)
SONG_MINUTES = 3
DEFAULT = make_geometry("19.88", 2, FPS)
FINISH = make_geometry(finish.WINDOW_SECONDS, finish.OVERLAP_SECONDS, FPS)
SECONDS = {name: (plain, eight) for name, plain, eight in card_seconds()}
(
    (_, default),
    (_, ten),
    (cheapest_name, cheapest),
    (_, thirteen),
    (_, short),
    (_, floor),
    (_, nag),
    (_, stg),
    (_, cfg),
    (_, two),
    (_, two_short),
    (_, draft),
    (_, medium),
    (_, large),
) = [(row.recipe, row) for row in rows()]
WINDOWS = Variant.window_seconds, Variant.overlap_seconds
CHEAPEST_SECONDS = int(cheapest_name.split()[1])
TABLE = [
    ("832x448, {:g} fps, {} steps, one guide picture", FPS, FIRST_STEPS),
    (
        "| windows {:g} / {:g} (default) | {} | {} |",
        Variant.window_seconds,
        Variant.overlap_seconds,
        default.cost,
        default.share,
    ),
    (
        "| window 10, {} (the cheapest), 13 / 2 | {}, {}, {} | {} |",
        *(CHEAPEST_SECONDS, ten.cost, cheapest.cost, thirteen.cost, cheapest.share),
    ),
    ("| window 8 / 1 | {} | {} |", short.cost, short.share),
    ("attention among the tokens of a window for nothing | {} | {} |", floor.cost, floor.share),
    ("| NAG; STG; cfg above 1 | {}; {}; {} |", nag.cost, stg.cost, cfg.cost),
    (
        "| two stages at the same size: {} steps at half the size, {} at the full one | {} | {} |",
        *(FIRST_STEPS, SECOND_STEPS, two.cost, two.share),
    ),
    ("the second in windows 8 / 1 | {} | {} |", two_short.cost, two_short.share),
    ("| draft: the first stage alone | {} | {} |", draft.cost, draft.share),
    *(
        (f"| {size}: one stage; two | {{}}; {{}} | {{}}; {{}} |", *row.cost.split(" / "), *row.share.split(" / "))
        for size, row in (("1280x704, 13 / 2", medium), ("1920x1088, 10 / 2", large))
    ),
]


A_TOKEN = memory.call_bytes(PUBLISHED_22B, ModelCall(1, 1, 0, text_tokens=0))
THE_TEXT = memory.call_bytes(PUBLISHED_22B, ModelCall(0, 1, 0))
COUNTED = [
    ("what a step has alive: {:g} KiB a token and {:g} MiB for the text", A_TOKEN / 2**10, THE_TEXT / 2**20),
    (" {:g} GiB is left for the driver", memory.RESERVED_BYTES / 2**30),
    ("operations divided by {:.0f} % of what the card's maker", 100 * SHARE_OF_PEAK),
]


def of_default(*stages: tuple[Stage, object]) -> float:
    """The work of some stages, each with its windows, beside that of one stage at 832 x 448."""
    one = default_step().total * FIRST_STEPS / float(DEFAULT.stride)
    return sum(flops_per_second(PUBLISHED_22B, stage, geometry) for stage, geometry in stages) / one


def shares(width: int, height: int) -> tuple[float, float, float]:
    """The draft, draft and finish, and a single stage at the full size."""
    first = Stage(width // HALF, height // HALF, FIRST_STEPS, guide_latents=1), DEFAULT
    second = Stage(width, height, SECOND_STEPS, guide_latents=1), FINISH
    return of_default(first), of_default(first, second), of_default((Stage(width, height, FIRST_STEPS, 1), DEFAULT))


SMALL_PX = Variant.width, Variant.height
OWN_PX = value(DEFAULT_GRAPH, 1634, "width"), value(DEFAULT_GRAPH, 1634, "height")
SMALL, OWN = shares(*SMALL_PX), shares(*OWN_PX)
README = [
    (
        "(one stage, {} x {}, {:g} fps, {} steps, windows of {:g} s that share {:g} s; counted",
        *(Variant.width, Variant.height, FPS, FIRST_STEPS, Variant.window_seconds, Variant.overlap_seconds),
    ),
    ("at {:.0f} % of the card's peak", 100 * SHARE_OF_PEAK),
    *(
        (f"| {card} | {how} | {{:.1f}} s | {{:.0f}} min |", SECONDS[card][kind], SECONDS[card][kind] * SONG_MINUTES)
        for card, how, kind in (
            ("RTX 3090", "bf16", 0),
            ("RTX 4090", "fp8, attention in bf16", 0),
            ("RTX 4090", "fp8, attention in 8 bit", 1),
            ("RTX 5090", "fp8, attention in bf16", 0),
            ("RTX 5090", "fp8, attention in 8 bit", 1),
        )
    ),
    (
        "At {} x {} its draft takes {:.2f} of that table, draft and finish together {:.2f}; at its own {} x {} {:.2f} and "
        "{:.1f}, where one stage would take {:.1f} (computed)",
        *(*SMALL_PX, *SMALL[:2], *OWN_PX, *OWN),
    ),
    ("in a {} of the work", {3: "third"}[round(OWN[1] / OWN[0])]),
]
OTHERS = [
    ("By count it adds {} to the operations of a window", nag.cost.lstrip("+")),
]
LORA_RANK = int(re.search(r"rank_(\d+)_", DISTILLED_LORA)[1])
MERGED_OPERATIONS = 2 * LORA_RANK * PUBLISHED_FP8.transformer_bytes
MODELS = [
    (
        "(of about {:.0f}) and {:.1f} % to the work of a step of the default window",
        *(PUBLISHED_FP8.transformer_bytes / 1e9, 100 * MERGED_OPERATIONS / default_step().total),
    )
]
FIGURES = [
    *told("docs/models.md", MODELS),
    *told("docs/cost.md", TABLE + COUNTED),
    *told("README.md", README),
    *told("docs/reference/conditioning.md", OTHERS),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_what_pages_say_of_the_work_is_counted(figure):
    check(figure)
