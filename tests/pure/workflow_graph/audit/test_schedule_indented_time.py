from __future__ import annotations

import pytest

RULE = "schedule_indented_time"


def schedule(text):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["schedule"] = text

    return edit


@pytest.mark.parametrize(
    "text", ["0:00: a\n0:30: b", "0:00: a singer\n  in the rain\n0:30: b", "0:00: a\n  3 dancers: all in red"]
)
def test_clean(check_clean, classic, text):
    check_clean(RULE, classic(schedule(text)))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize("line", ["  0:30: b", "\t0:30-1:00: b", " 0:30+: b", "  30: b"])
def test_an_entry_that_is_indented_is_found_with_its_line(check_finds, classic, line):
    check_finds(RULE, classic(schedule(f"0:00: a\n{line}")), "schedule, line 2: '.*' is indented", severity="WARN")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(schedule("0:00: a\n  0:30: b")), schedule("0:00: a\n0:30: b"))
