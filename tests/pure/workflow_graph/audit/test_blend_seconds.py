from __future__ import annotations

import pytest

RULE = "blend_seconds"


def blend(seconds):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["blend_seconds"] = seconds

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True))


@pytest.mark.parametrize(
    ("seconds", "said"), [(5.0, "less than the stride of 17.92 s"), (17.92, "is 17.92$"), (36.0, "two strides or more")]
)
def test_a_blend_is_found_and_told_in_strides(check_finds, ours, seconds, said):
    check_finds(RULE, ours(blend(seconds)), said, severity="WARN")


def test_in_the_loop_too(check_finds, classic):
    check_finds(RULE, classic(clip_in_loop=True, blend_seconds=5.0), "blend_seconds is 5", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(blend(5.0)), blend(0.0))
