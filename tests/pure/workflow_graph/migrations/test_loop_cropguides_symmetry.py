from __future__ import annotations

import pytest

from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations import chain


@pytest.mark.parametrize("which", ["sound", "april", "ours"])
def test_the_guider_reads_cropped_conditioning_and_the_audit_says_what_that_does(kit, which):
    graph = kit.check_migrates(getattr(kit, which)(), "loop_cropguides_symmetry")
    guider = graph.node(644)
    crop = guider.input("positive").source.node
    assert crop.type == "LTXVCropGuides"
    assert guider.input("negative").source.node == crop
    assert crop.input("latent").source.node_id == 1519
    assert crop.output("latent").targets == ()
    assert ("guide_positions_reach_sampler", "ERR") in kit.findings(graph.to_document(), "guide_positions_reach_sampler")


@pytest.mark.parametrize("which", ["sound", "ours"])
def test_taken_back_by_editing(kit, which):
    before = getattr(kit, which)()
    migration = chain.find("loop_cropguides_symmetry")
    back = chain.take_back(chain.apply(before, migration).document, migration)
    assert diff(before, back.document) == ()
    assert kit.findings(back.document, "guide_positions_reach_sampler") == []


def test_the_crop_of_another_pack_is_taken_back_too(kit):
    before = kit.sound(crop_before_guider=True)
    kit.check_leaves(before, "loop_cropguides_symmetry")
    back = chain.take_back(before, chain.find("loop_cropguides_symmetry"))
    assert kit.findings(back.document, "guide_positions_reach_sampler") == []


def test_it_is_never_made_unasked_and_warns():
    migration = chain.find("loop_cropguides_symmetry")
    assert migration.revision is None
    assert "--revert" in migration.warning


def test_a_crop_of_something_else_than_a_guide_stays_when_it_is_taken_back(kit):
    graph = Graph(kit.sound())
    guider = graph.node(644)
    crop = graph.add("LTXVCropGuides", level=guider.level)
    encoder = graph.add("CLIPTextEncode", level=guider.level)
    for name in ("positive", "negative"):
        graph.connect(encoder.output(), crop.input(name))
        graph.connect(crop.output(name), guider.input(name))
    back = chain.take_back(graph.to_document(), chain.find("loop_cropguides_symmetry"))
    assert back.made == ()
    assert Graph(back.document).node(644).input("positive").source.node_id == crop.id
