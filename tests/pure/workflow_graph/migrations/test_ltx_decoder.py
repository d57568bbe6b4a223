from __future__ import annotations

from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.migrations import chain


def test_the_decoder_has_no_temporal_tiles_afterwards(kit):
    before = kit.sound(decoder="core")
    graph = kit.check_migrates(before, "ltx_decoder")
    node = graph.node(1604)
    assert node.type == "LTXVTiledVAEDecode"
    assert list(node.widgets.values()) == [2, 2, 1, True, "auto", "auto"]
    assert node.input("latents").source.node_id == 1605
    assert graph.node(617).input("images").source.node_id == 1604
    assert kit.findings(graph.to_document(), "decoder") == []


def test_taken_back_by_editing_it_has_tiles_that_fit_the_stride(kit):
    back = chain.take_back(kit.sound(), chain.find("ltx_decoder"))
    node = next(node for node in back.document["nodes"] if node["id"] == 1604)
    assert (node["type"], node["widgets_values"]) == ("VAEDecodeTiled", [512, 64, 512, 64])
    assert kit.findings(back.document, "decoder") == []
    again = kit.apply(back.document, "ltx_decoder")
    assert diff(kit.sound(), again.document) == ()


def test_ours_needs_none_and_it_says_so(kit):
    assert "StreamingVideoSave" in kit.check_leaves(kit.ours(), "ltx_decoder").remarks[0]


def test_other_decoders_stay(kit):
    kit.check_leaves(kit.sound(), "ltx_decoder")
    kit.check_leaves(kit.sound(decoder="spatiotemporal", decoder_widgets=(1, 1, 63, 6)), "ltx_decoder")
