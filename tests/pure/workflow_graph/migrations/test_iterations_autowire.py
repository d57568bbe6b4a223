from __future__ import annotations

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.migration import MigrationError

OLD_GRAPH = REPOSITORY / "tests" / "golden" / "graph_saved_before_widget_sockets.json"


def _capped(kit):
    graph = Graph(kit.sound())
    constant = graph.add("INTConstant", widgets={"value": 1})
    graph.connect(constant.output(), graph.node(1539).input("iterations_in"))
    return graph.to_document()


def _source(graph):
    source = graph.node(1539).input("iterations_in").source
    return source.node_id, source.name


def test_the_planner_feeds_the_loop(kit):
    before = kit.sound(iterations_wired=False)
    assert kit.findings(before, "iterations_autowired")
    graph = kit.check_migrates(before, "iterations_autowire")
    assert _source(graph) == (1560, "total_iterations")
    assert kit.findings(graph.to_document(), "iterations_autowired") == []


def test_by_name_it_replaces_a_cap_but_the_chain_leaves_it(kit):
    graph = kit.check_migrates(_capped(kit), "iterations_autowire")
    assert _source(graph) == (1560, "total_iterations")
    assert "iterations_autowire" not in chain.migrate(_capped(kit)).made


def test_a_loop_saved_before_the_input_existed_gets_it(kit):
    document = kit.sound(iterations_wired=False)
    opened = next(node for node in document["nodes"] if node["id"] == 1539)
    slots = [slot for slot in opened["inputs"] if slot["name"] != "iterations_in"]
    for link in document["links"]:
        if link[3] == 1539:
            link[4] = next(i for i, slot in enumerate(slots) if slot["link"] == link[0])
    opened["inputs"] = slots
    assert _source(kit.check_migrates(document, "iterations_autowire")) == (1560, "total_iterations")


def test_without_a_planner_it_says_so(kit):
    graph = Graph(kit.sound())
    graph.remove(graph.node(1560))
    graph.disconnect(graph.node(1582).input("audio"))
    with pytest.raises(MigrationError, match="AudioLoopPlanner"):
        kit.apply(graph.to_document(), "iterations_autowire")


def test_by_name_a_missing_planner_is_made_from_the_controller_but_the_chain_adds_none(kit):
    graph = Graph(kit.sound())
    graph.remove(graph.node(1560))
    outcome = kit.apply(graph.to_document(), "iterations_autowire")
    assert any("is new: it plans the loop" in remark for remark in outcome.remarks)
    assert kit.findings(outcome.document, "iterations_autowired", "overlap_single_source", "graph_acyclic") == []
    assert Graph(chain.migrate(graph.to_document()).document).find(type="AudioLoopPlanner") == ()


@pytest.mark.parametrize("mode", [2, 4])
@pytest.mark.parametrize("wired", [True, False])
def test_a_planner_that_is_switched_off_is_switched_on_with_a_word(kit, mode, wired):
    graph = Graph(kit.sound(iterations_wired=wired))
    graph.node(1560).raw["mode"] = mode
    assert kit.findings(graph.to_document(), "iterations_autowired")
    for outcome in (kit.apply(graph.to_document(), "iterations_autowire"), chain.migrate(graph.to_document())):
        assert any("is switched on" in remark for remark in outcome.remarks)
        assert _source(Graph(outcome.document)) == (1560, "total_iterations")
        assert kit.findings(outcome.document, "iterations_autowired") == []


def test_what_the_step_needs_is_done_first(kit):
    old = documents.load_workflow(OLD_GRAPH)
    outcome = kit.apply(old, "iterations_autowire")
    assert outcome.made[-1] == "iterations_autowire"
    assert "outdated_sockets" in outcome.made
    assert kit.findings(outcome.document, "iterations_autowired", "outdated_sockets") == []


def test_taken_back_by_editing(kit):
    back = chain.take_back(kit.sound(), chain.find("iterations_autowire"))
    assert kit.findings(back.document, "iterations_autowired")


def test_wired_graphs_stay(kit):
    kit.check_leaves(kit.sound(), "iterations_autowire")
    kit.check_leaves(kit.ours(), "iterations_autowire")


def test_a_bypassed_planner_is_switched_on_with_a_word(kit):
    graph = Graph(kit.sound(iterations_wired=False))
    graph.bypass(graph.node(1560))
    outcome = kit.apply(graph.to_document(), "iterations_autowire")
    after = Graph(outcome.document)
    assert after.node(1539).input("iterations_in").source.node_id == 1560
    assert after.node(1560).mode == 0
    assert any("was bypassed and is switched on" in remark for remark in outcome.remarks)


def test_by_name_a_planner_of_an_earlier_form_is_renewed_first(kit):
    document = kit.case()
    outcome = kit.apply(document, "iterations_autowire")
    after = Graph(outcome.document)
    assert after.node(1539).input("iterations_in").source.node_id == 1560
    assert after.node(1560).widgets["overlap_seconds"] == 1


def test_the_chain_leaves_a_loop_without_a_planner_its_own_number_and_says_so(kit):
    graph = Graph(kit.sound())
    graph.remove(graph.node(1560))
    outcome = chain.migrate(graph.to_document())
    said = f"{graph.node(1539)}: no AudioLoopPlanner beside it; the loop keeps its own number of iterations"
    assert said in outcome.remarks
    assert Graph(outcome.document).node(1539).input("iterations_in").source is None
