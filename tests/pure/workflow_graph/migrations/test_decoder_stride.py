from __future__ import annotations

import pytest


@pytest.mark.parametrize(("overlap", "size", "shared"), [(1.0, 544, 72), (2.0, 512, 64), (3.0, 480, 56), (4.0, 448, 48)])
def test_tiles_advance_by_the_stride(kit, overlap, size, shared):
    before = kit.sound(decoder="core", overlap=overlap)
    assert ("decoder", "ERR") in kit.findings(before, "decoder")
    graph = kit.check_migrates(before, "decoder_stride")
    widgets = graph.node(1604).widgets
    assert (widgets["temporal_size"], widgets["temporal_overlap"]) == (size, shared)
    assert (widgets["tile_size"], widgets["overlap"]) == (512, 64)
    assert kit.findings(graph.to_document(), "decoder") == []


def test_aligned_tiles_and_other_decoders_stay(kit):
    kit.check_leaves(kit.sound(decoder="core", decoder_widgets=(512, 64, 480, 32)), "decoder_stride")
    kit.check_leaves(kit.sound(), "decoder_stride")
    kit.check_leaves(kit.ours(), "decoder_stride")
