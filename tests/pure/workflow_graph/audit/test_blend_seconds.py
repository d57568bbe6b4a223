from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.schedule.blending import blend_at
from audio_loop.schedule.parser import parse_schedule
from audio_loop.schedule.snapping import snap_schedule
from audio_loop.workflow_graph.audit.rules.blend_seconds import mixed_windows

RULE = "blend_seconds"


def blend(seconds):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["blend_seconds"] = seconds

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (5.0, "is 5, less than the stride of 17.92 s; it is taken as that: 1 window at each change"),
        (17.92, "is 17.92: 1 window at each change"),
        (35.84, "is 35.84: 1 window at each change"),
        (36.0, "is 36: 3 windows at each change"),
    ],
)
def test_a_blend_is_found_and_told_in_strides(check_finds, ours, seconds, said):
    check_finds(RULE, ours(blend(seconds)), said, severity="WARN")


def test_without_snapping_no_windows_are_counted(check_finds, ours):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["blend_seconds"] = 5.0
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["snap_boundaries"] = False

    check_finds(RULE, ours(edit), "is 5$", severity="WARN")


@pytest.mark.parametrize("strides", [Fraction(1, 3), 1, Fraction(3, 2), 2, Fraction(201, 100), 3, 4, Fraction(9, 2), 5])
def test_as_many_windows_are_mixed_as_the_schedule_mixes(strides):
    stride = Fraction("17.92")
    report = snap_schedule(parse_schedule("0:00: a\n179.2: b"), stride)
    mixed = [k for k in range(20) if blend_at(report, k, strides * stride).factor]
    assert len(mixed) == mixed_windows(strides * stride, stride)


def test_in_the_loop_too(check_finds, classic):
    check_finds(RULE, classic(clip_in_loop=True, blend_seconds=5.0), "blend_seconds is 5", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(blend(5.0)), blend(0.0))
