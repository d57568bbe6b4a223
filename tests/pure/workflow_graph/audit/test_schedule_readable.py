from __future__ import annotations

import pytest

RULE = "schedule_readable"


def schedule(text):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["schedule"] = text

    return edit


@pytest.mark.parametrize("text", ["a singer", "0:00: a", "0:00-0:30: a\n0:30+: b", "# note\n0:00+: a"])
def test_clean(check_clean, classic, text):
    check_clean(RULE, classic(schedule(text)))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize("text", ["", "0:00 a singer", "0:75-0:30: a", "0:00: a\n0:00: b"])
def test_what_cannot_be_read_is_found(check_finds, classic, text):
    check_finds(RULE, classic(schedule(text)), "node 1615 .*schedule (is empty|line)")


def test_a_schedule_behind_a_wire_is_read(check_finds, ours):
    def broken(graph):
        graph.one(role="schedule_text").widgets["schedule"] = "0:00 a singer"

    check_finds(RULE, ours(broken), "node 1559 .*schedule line 1")


def test_a_text_that_loses_its_line_ends_on_the_way_is_not_judged(check_clean, check_finds, classic):
    def behind(strip):
        def edit(graph):
            text = graph.add("StringConstantMultiline", widgets={"string": "0:00 nonsense", "strip_newlines": strip})
            encode = graph.one(type="TimestampPromptScheduleBatchEncode")
            graph.connect(text.output(), encode.input("schedule"))

        return edit

    check_clean(RULE, classic(behind(True)))
    check_finds(RULE, classic(behind(False)), "schedule line 1")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(schedule("0:00 a")), schedule("0:00: a"))
