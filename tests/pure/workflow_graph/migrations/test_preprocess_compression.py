from __future__ import annotations


def test_zero_becomes_eighteen(kit):
    before = kit.sound(compression=0)
    assert ("preprocess_compression", "ERR") in kit.findings(before, "preprocess_compression")
    graph = kit.check_migrates(before, "preprocess_compression")
    assert graph.node(446).widgets["img_compression"] == 18
    assert kit.findings(graph.to_document(), "preprocess_compression") == []


def test_a_value_that_somebody_chose_stays(kit):
    kit.check_leaves(kit.sound(compression=5), "preprocess_compression")
    kit.check_leaves(kit.ours(), "preprocess_compression")
