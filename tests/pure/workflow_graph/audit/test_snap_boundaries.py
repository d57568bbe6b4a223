from __future__ import annotations

RULE = "snap_boundaries"


def snap(on):
    def edit(graph):
        graph.one(type="TimestampPromptScheduleBatchEncode").widgets["snap_boundaries"] = on

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True))


def test_off_is_found(check_finds, ours, classic):
    check_finds(RULE, ours(snap(False)), "node 1558 .*snap_boundaries is off", severity="WARN")
    check_finds(RULE, classic(snap(False)), "node 1615 .*snap_boundaries is off", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(snap(False)), snap(True))
