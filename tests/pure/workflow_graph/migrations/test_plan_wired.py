from __future__ import annotations

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations import chain


def _unwired(kit, *places):
    graph = Graph(kit.sound())
    for node_id, name in places:
        graph.disconnect(graph.node(node_id).input(name))
    return graph


def test_a_node_that_cannot_run_without_a_plan_gets_it(kit):
    graph = kit.check_migrates(_unwired(kit, (2018, "plan")).to_document(), "plan_wired")
    assert graph.node(2018).input("plan").source.node.id == 1560


def test_prompts_that_go_by_preset_times_go_by_the_plan(kit):
    graph = kit.check_migrates(_unwired(kit, (1615, "stride_seconds"), (1615, "audio_duration")).to_document(), "plan_wired")
    assert graph.node(1615).input("plan").source.node.id == 1560


def test_times_that_somebody_chose_stay(kit):
    graph = _unwired(kit, (1615, "stride_seconds"), (1615, "audio_duration"))
    graph.node(1615).widgets["audio_duration"] = 60.0
    kit.check_leaves(graph.to_document(), "plan_wired")


def test_a_bypassed_planner_is_switched_on_with_a_word(kit):
    graph = _unwired(kit, (2018, "plan"))
    graph.bypass(graph.node(1560))
    outcome = chain.migrate(graph.to_document())
    assert Graph(outcome.document).node(1560).mode == 0
    assert any("bypassed and is switched on" in remark for remark in outcome.remarks)


def test_without_a_planner_it_is_said(kit):
    graph = _unwired(kit, (2018, "plan"))
    graph.remove(graph.node(1560))
    assert any("its plan is not wired" in remark for remark in chain.migrate(graph.to_document()).remarks)


def test_sound_graphs_stay(kit):
    kit.check_leaves(kit.sound(), "plan_wired")
    kit.check_leaves(kit.ours(), "plan_wired")


def test_the_encoder_of_the_song_gets_it_unless_the_song_is_padded(kit):
    graph = Graph(kit.ours())
    graph.disconnect(graph.node(2009).input("plan"))
    mended = kit.check_migrates(graph.to_document(), "plan_wired")
    assert mended.node(2009).input("plan").source.node.id == 1560
    pad = graph.add("AudioPadToPlan")
    graph.connect(graph.node(1560).output("plan"), pad.input("plan"))
    graph.connect(graph.node(567).output(), pad.input("audio"))
    graph.connect(pad.output(), graph.node(2009).input("audio"))
    kit.check_leaves(graph.to_document(), "plan_wired")


def test_a_planner_that_is_elsewhere_is_named_for_prompts_by_preset_times(kit):
    graph = _unwired(kit, (1615, "stride_seconds"), (1615, "audio_duration"))
    graph.remove(graph.node(1560))
    graph.add("AudioLoopPlanner", level=graph.node(606).level)
    outcome = chain.migrate(graph.to_document())
    said = f"{graph.node(1615)}: it goes by preset times; wire the plan of AudioLoopPlanner, which is elsewhere, to it"
    assert said in outcome.remarks
    assert Graph(outcome.document).node(1615).input("plan").source is None


def test_a_node_that_the_planner_itself_depends_on_is_named_and_left(kit):
    """The planner's plan for what the planner hears would be a circle; the others still get it."""
    graph = _unwired(kit, (2018, "plan"))
    pad = graph.add("AudioPadToPlan")
    graph.connect(graph.node(1560).input("audio").source, pad.input("audio"))
    graph.connect(pad.output(), graph.node(1560).input("audio"))
    outcome = kit.apply(graph.to_document(), "plan_wired")
    after = Graph(outcome.document)
    assert any(remark.startswith(f"{pad}: its plan cannot be wired: ") for remark in outcome.remarks)
    assert after.node(pad.id).input("plan").source is None
    assert after.node(2018).input("plan").source.node_id == 1560
