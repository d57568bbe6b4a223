from __future__ import annotations

import pytest

from audio_loop.attention import kernels, routing
from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.steps import sage_mode

from .small_graphs import empty_graph, foreign

SAGE = "AudioLoopHelperSageAttention"


def test_the_patch_of_another_pack_is_replaced_in_its_place(kit):
    before = kit.sound(sage="sageattn_qk_int8_pv_fp8_cuda")
    graph = kit.check_migrates(before, "sage_mode")
    node = graph.node(268)
    assert (node.type, node.widgets["mode"]) == (SAGE, "auto_mask_aware")
    assert node.input("model").source.node_id == 414
    assert [target.node_id for target in node.output().targets] == [504]
    assert kit.findings(graph.to_document(), "sage_mask_safety") == []


def without_sage(kit):
    """The shipped default without its patch."""
    return kit.check_migrates(kit.ours(), "sage_mode", remove=True).to_document()


def test_added_to_ours_changed_and_removed(kit):
    before = without_sage(kit)
    graph = kit.check_migrates(before, "sage_mode")
    (node,) = graph.find(type=SAGE)
    assert node.input("model").source.node_id == 414
    changed = kit.check_migrates(graph.to_document(), "sage_mode", mode="auto")
    assert changed.node(node.id).widgets["mode"] == "auto"
    removed = kit.check_migrates(changed.to_document(), "sage_mode", remove=True)
    assert diff(before, removed.to_document()) == ()


def test_a_bypassed_node_runs_again(kit):
    graph = kit.check_migrates(without_sage(kit), "sage_mode")
    (node,) = graph.find(type=SAGE)
    graph.bypass(node)
    awake = kit.apply(graph.to_document(), "sage_mode")
    assert awake.made == ("sage_mode",)
    assert next(raw for raw in awake.document["nodes"] if raw["id"] == node.id)["mode"] == 0


def test_taken_back_by_editing(kit):
    migration = chain.find("sage_mode")
    before = without_sage(kit)
    back = chain.take_back(chain.apply(before, migration).document, migration)
    assert diff(before, back.document) == ()


def test_every_kernel_can_be_named(kit):
    assert set(sage_mode.KERNELS) == set(kernels.KERNEL_NAMES)
    assert set(sage_mode.MODES) == set(routing.MODES)
    graph = kit.check_migrates(kit.ours(), "sage_mode", mode="sage_fp8_cuda++")
    (node,) = graph.find(type=SAGE)
    assert node.raw["widgets_values"] == ["sage_fp8_cuda++", True, 0]


@pytest.mark.parametrize("why", ["no model", "a loader of an unknown type"])
def test_a_guider_without_a_known_model_is_told(why):
    graph = empty_graph()
    guider = graph.add("CFGGuider")
    if why != "no model":
        graph = foreign(graph, "UnetLoaderGGUF", [], [("MODEL", "*")], [])
        graph.connect(graph.node(500).output(), graph.node(guider.id).input("model"))
    outcome = chain.apply(graph.to_document(), chain.find("sage_mode"))
    assert (outcome.made, outcome.remarks) == ((), ("no model that a guider reads was found; nothing to patch",))
