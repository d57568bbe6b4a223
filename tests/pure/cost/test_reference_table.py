"""The figures that documentation and plans go by come out of the formula."""

from __future__ import annotations

import pytest

from audio_loop.cost.reference_table import as_text, card_seconds, default_step, rows

PUBLISHED = [
    ("0.478", "1.00"),
    ("0.4445", "0.93"),
    ("0.4432", "0.93"),
    ("0.4448", "0.93"),
    ("0.395", "0.83"),
    ("0.251", "0.53"),
    ("+2.2 %", ""),
    ("+99 %", ""),
    ("+100 %", ""),
    ("0.265", "0.56"),
    ("0.234", "0.49"),
    ("0.086", "0.18"),
    ("1.53 / 0.81", "3.2 / 1.7"),
    ("5.4 / 2.7", "11.3 / 5.7"),
]


def test_every_recipe_has_its_published_cost():
    assert [(row.cost, row.share) for row in rows()] == PUBLISHED


def test_the_cheapest_window_is_found_and_not_written_down():
    names = [row.recipe for row in rows()]
    assert names[1:4] == ["window 10 / 2", "window 12 / 2, the cheapest", "window 13 / 2"]


def test_shares_of_a_step():
    step = default_step()
    assert f"{step.total / 1e15:.3f}" == "1.070"
    assert step.attention / step.total == pytest.approx(0.425, abs=0.001)


def test_bounds_of_three_cards():
    seconds = {name: (f"{plain:.1f}", f"{eight:.1f}") for name, plain, eight in card_seconds()}
    assert seconds["RTX 3090"][0] == "14.9"
    assert seconds["RTX 4090"] == ("4.6", "3.2")
    assert seconds["RTX 5090"] == ("3.6", "2.5")


def test_the_page_shows_all_of_it():
    page = as_text()
    assert all(row.recipe in page and row.cost in page for row in rows())
    assert all(name in page for name, _, _ in card_seconds())
