"""R10: covered once, and all of it seen."""

from __future__ import annotations


def test_what_is_never_seen_is_found(found):
    text = "0:00-0:19.88: @ is singing\n0:19.88-0:19.90: @ is walking\n0:19.90+: @ is dancing\n1:31+: @ is sitting"
    told = [message for line, _, message, _ in found("R10", text) if line == 4]
    assert told[0].startswith("it is never seen: it would begin behind the end of the video, 1:30.00")


def test_gaps_overlaps_and_order_are_found(found):
    gap = found("R10", "0:00-0:19.88: @ is singing\n0:37.80-1:30: @ is dancing")
    assert gap == [(2, "error", "nothing is scheduled from 0:19.88 to 0:37.80", "let the entry above end at 0:37.80")]
    overlap = found("R10", "0:00-0:37.80: @ is singing\n0:19.88-1:30: @ is dancing")
    assert overlap == [(2, "error", "it begins while line 1 still holds", "end line 1 at 0:19.88")]
    swapped = found("R10", "0:19.88-1:30: @ is dancing\n0:00-0:19.88: @ is singing")
    assert swapped == [(1, "error", "lines are not in the order of their times", "write the earliest first")]
    short = found("R10", "0:00-1:13.64: @ is singing")
    assert short == [(1, "error", "nothing is scheduled from 1:13.64 to the end, 1:30.00", "end the last entry at 1:30.00")]


def test_other_forms_of_entries_cover_too(found):
    assert found("R10", "0:00: @ is singing\n0:19.88: @ is dancing") == []
    assert found("R10", "0:00-0:19.88: @ is singing\n0:19.88+: @ is dancing") == []
    assert found("R10", "0:00-0:19.88: @ is singing\n0:19.88-2:00: @ is dancing") == []
