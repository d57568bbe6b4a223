from __future__ import annotations

import pytest

from audio_loop.workflow_graph.diff import diff
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
