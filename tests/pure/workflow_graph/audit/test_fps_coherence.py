from __future__ import annotations

import pytest

from audio_loop.workflow_graph.audit.engine import audit, select

RULE = "fps_coherence"


def save_at(value):
    def edit(graph):
        graph.one(type="VHS_VideoCombine").widgets["frame_rate"] = value

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())
    check_clean(RULE, classic(fps=24, window=19.708))


def test_conditioning_at_another_rate_is_found(check_finds, classic):
    check_finds(RULE, classic(conditioning_fps=24), "node 164 .*frame_rate is 24, the loop counts with 25", "node 1615")


def test_a_video_at_another_rate_is_found(check_finds, classic):
    check_finds(RULE, classic(video_fps=24), "node 617 .*frame_rate is 24")


@pytest.mark.parametrize(
    ("kind", "name"), [("AudioLoopController", "fps"), ("AudioLoopPlanner", "fps"), ("LTXVAudioVideoMask", "video_fps")]
)
def test_each_node_that_counts_is_compared(classic, kind, name):
    def change(graph):
        graph.one(type=kind).widgets[name] = 30

    found = audit(classic(change), select([RULE])).reported
    assert any("30" in reported.finding.message for reported in found)


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(video_fps=24), save_at(25.0))
