from __future__ import annotations

import pytest

RULE = "length"


def set_length(value):
    def edit(graph):
        graph.node(526).widgets["value"] = value

    return edit


@pytest.mark.parametrize("frames", [1, 9, 121, 497])
def test_clean(check_clean, classic, frames):
    check_clean(RULE, classic(length=frames))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize(
    ("frames", "nearest"), [(500, "497 and 505"), (496, "489 and 497"), (120, "113 and 121"), (2, "1 and 9")]
)
def test_lengths_between_are_found(check_finds, classic, frames, nearest):
    check_finds(RULE, classic(length=frames), f"node 344 .*length is {frames}, .*nearest are {nearest}")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(length=500), set_length(497))
