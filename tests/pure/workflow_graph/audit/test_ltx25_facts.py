from __future__ import annotations

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.shipped import ltx25

RULE = "ltx25_facts"


def of_ltx25(graph):
    graph.one(role="checkpoint").widgets["ckpt_name"] = "LTX-2.5-22b-distilled.safetensors"


def with_facts(graph):
    facts = graph.add("AudioLoopModelFacts")
    graph.connect(graph.one(role="checkpoint").output("MODEL"), facts.input("model"))
    graph.connect(facts.output("model_facts"), graph.one(role="planner").input("model_facts"))


def test_the_shipped_workflows_are_clean(check_clean, ours):
    check_clean(RULE, ours(), ltx25.build().workflow())


def test_a_loop_whose_plan_knows_nothing_of_the_model_is_found(check_finds, ours):
    check_finds(RULE, ours(of_ltx25), "node 1560 .*model_facts is not wired")


def test_the_shipped_one_without_its_facts_is_found(check_finds):
    graph = Graph(ltx25.build().workflow())
    graph.disconnect(graph.one(role="planner").input("model_facts"))
    check_finds(RULE, graph.to_document(), "node 1560")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(of_ltx25), with_facts)
