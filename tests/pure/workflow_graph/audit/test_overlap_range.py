from __future__ import annotations

import pytest

RULE = "overlap_range"


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(overlap=0.5), classic(overlap=9.94))


@pytest.mark.parametrize(("overlap", "said"), [(0.0, "no window sees"), (10.0, "more than half of the window of 19.88 s")])
def test_none_and_too_much_are_found(check_finds, classic, overlap, said):
    check_finds(RULE, classic(overlap=overlap), said, said)


def test_fixed(check_finds, check_clean, classic):
    check_finds(RULE, classic(overlap=0.0), "node", "node")
    check_clean(RULE, classic(overlap=2.0))


def test_an_overlap_that_only_a_run_can_tell_is_left_alone(check_clean, classic):
    def unwritten(graph):
        song = graph.add("AudioDuration")
        for kind in ("AudioLoopController", "AudioLoopPlanner"):
            graph.connect(song.output("duration"), graph.one(type=kind).input("overlap_seconds"))

    check_clean(RULE, classic(unwritten, overlap=0.0))
