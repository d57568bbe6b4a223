"""The cost of the usual recipes, as a table for people: each figure from the formula, none written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..loop_control.geometry import WindowGeometry, make_geometry
from ..loop_control.units import pixels_from_new_latents
from .architecture import PUBLISHED_22B
from .bounds import compute_seconds
from .cards import CARDS, SHARE_OF_PEAK
from .model_call import Flops, call_flops
from .recipe import HALF
from .stage import Guidance, Stage, flops_per_second, step_flops
from .weights import Precision
from .window_choice import cheapest_window

FIRST_STEPS, SECOND_STEPS = 8, 3
"""Steps of the distilled model's first stage and of its second."""

_PETA = 1e15
_FPS = Fraction(25)
_LONG, _SHORT = make_geometry("19.88", 2, _FPS), make_geometry(8, 1, _FPS)
_OVERLAP = Fraction(2)
_DEFAULT = Stage(832, 448, FIRST_STEPS, guide_latents=1)
_TENTH = 0.1


@dataclass(frozen=True)
class Row:
    """A recipe and its cost.

    Attributes:
        recipe: In words.
        cost: 10^15 operations for each second of video, or a difference.
        share: Of the default; "" if `cost` is a difference.
    """

    recipe: str
    cost: str
    share: str = ""


def rows() -> Iterator[Row]:
    """The recipes, the default first."""
    default = _peta(_DEFAULT, _LONG)
    yield _row("832x448, windows 19.88 / 2, 8 steps (default)", default)
    for seconds in (10, _cheapest_seconds(), 13):
        name = f"window {seconds} / 2" + (", the cheapest" if seconds == _cheapest_seconds() else "")
        cost = _peta(_DEFAULT, make_geometry(seconds, _OVERLAP, _FPS))
        yield Row(name, f"{cost:.4f}", f"{cost / default:.2f}")
    yield _row("window 8 / 1", _peta(_DEFAULT, _SHORT))
    yield _row("floor: no overlap, no guide, attention among the tokens of a window for nothing", _floor())
    for name, guidance in (
        ("guidance by a negative prompt (NAG)", Guidance(is_normalized=True)),
        ("spatio-temporal guidance (STG)", Guidance(perturbed_blocks=1)),
        ("cfg above 1", Guidance(negative_passes=1)),
    ):
        more = _peta(replace(_DEFAULT, guidance=guidance), _LONG) / default - 1
        yield Row(name, f"{more * 100:+.1f} %" if more < _TENTH else f"{more * 100:+.0f} %")
    yield _row("two stages, windows 19.88 / 2", _two(832, 448, _LONG, _LONG))
    yield _row("two stages, second stage in windows 8 / 1", _two(832, 448, _LONG, _SHORT))
    yield _row("draft: first stage alone", _peta(_half(832, 448), _LONG))
    for width, height, seconds in ((1280, 704, 13), (1920, 1088, 10)):
        geometry = make_geometry(seconds, _OVERLAP, _FPS)
        one, both = _peta(Stage(width, height, FIRST_STEPS, 1), geometry), _two(width, height, geometry, geometry)
        decimals = 2 if both < 1 else 1
        shares = f"{one / default:.1f} / {both / default:.1f}"
        yield Row(
            f"{width}x{height}, {seconds} / 2: one stage / two stages", f"{one:.{decimals}f} / {both:.{decimals}f}", shares
        )


def default_step() -> Flops:
    """Operations of a step of the default's window."""
    return step_flops(PUBLISHED_22B, _DEFAULT, _LONG.window_px, _FPS)


def card_seconds() -> Iterator[tuple[str, float, float]]:
    """(card, seconds for a second of the default's video with attention in 16 bits, and in eight); weights in eight bits."""
    second = default_step() * _DEFAULT.steps
    for card in CARDS:
        plain, eight = (compute_seconds(second, Precision.FP8, card, eight_bit_attention=each) for each in (False, True))
        yield card.name, plain / float(_LONG.stride), eight / float(_LONG.stride)


def as_text() -> str:
    """The whole table; ends with a line feed."""
    width = max(len(row.recipe) for row in rows())
    lines = [f"{'recipe':<{width}}  {'PFLOP per second of video':>25}  of the default"]
    lines += [f"{row.recipe:<{width}}  {row.cost:>25}  {row.share:>14}".rstrip() for row in rows()]
    lines += ["", f"One step of the default's window: {default_step().total / _PETA:.3f} PFLOP"]
    lines += ["", f"Least seconds for a second of the default's video at {SHARE_OF_PEAK:.0%} of a card's peak"]
    lines += [f"{'card':<24}{'16-bit attention':>18}{'8-bit attention':>18}"]
    lines += [f"{name:<24}{full:>18.1f}{eight:>18.1f}" for name, full, eight in card_seconds()]
    return "\n".join(lines) + "\n"


def _row(recipe: str, cost: float) -> Row:
    return Row(recipe, f"{cost:.3f}", f"{cost / _peta(_DEFAULT, _LONG):.2f}")


def _peta(stage: Stage, geometry: WindowGeometry) -> float:
    return flops_per_second(PUBLISHED_22B, stage, geometry) / _PETA


def _half(width_px: int, height_px: int) -> Stage:
    return Stage(width_px // HALF, height_px // HALF, FIRST_STEPS, guide_latents=1)


def _two(width_px: int, height_px: int, first: WindowGeometry, second: WindowGeometry) -> float:
    return _peta(_half(width_px, height_px), first) + _peta(Stage(width_px, height_px, SECOND_STEPS, 1), second)


def _floor() -> float:
    call = replace(_DEFAULT, guide_latents=0).call(_LONG.window_px, _FPS)
    flops = call_flops(PUBLISHED_22B, call, perturbed_blocks=PUBLISHED_22B.num_layers) * FIRST_STEPS
    return flops.total / float(pixels_from_new_latents(_LONG.window_latents) / _FPS) / _PETA


def _cheapest_seconds() -> int:
    choice = cheapest_window(PUBLISHED_22B, _DEFAULT, _OVERLAP, _FPS)
    return 0 if choice is None else choice.seconds
