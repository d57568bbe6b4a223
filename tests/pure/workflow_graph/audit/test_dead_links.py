from __future__ import annotations

import pytest

from audio_loop.workflow_graph.repair import repair

RULE = "dead_links"


def dead_output(graph):
    graph["nodes"][0]["outputs"] = [{"name": "X", "type": "X", "links": [99999]}]


def second_link_into_one_input(graph):
    """What the originals' VideoCombine had: two links that claim one input."""
    save = next(node for node in graph["nodes"] if node["type"] == "VHS_VideoCombine")
    link = next(link for link in graph["links"] if link[0] == save["inputs"][0]["link"])
    graph["last_link_id"] += 1
    graph["links"].append([graph["last_link_id"], *link[1:]])


def link_from_nowhere(graph):
    graph["links"][0][1] = 987654


def low_counter(graph):
    graph["last_node_id"] = 3


def boundary_list(graph):
    graph["definitions"]["subgraphs"][0]["inputs"][0]["linkIds"].append(424242)


BROKEN = {
    "dead_output": (dead_output, "ERR"),
    "second_link": (second_link_into_one_input, "ERR"),
    "link_from_nowhere": (link_from_nowhere, "ERR"),
    "low_counter": (low_counter, "WARN"),
    "boundary_list": (boundary_list, "WARN"),
}


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_form_is_found_and_repaired(check_clean, classic, name):
    from audio_loop.workflow_graph.audit.engine import audit, select

    graph = classic()
    breaks, severity = BROKEN[name]
    breaks(graph)
    found = audit(graph, select([RULE])).reported
    assert severity in {reported.severity.value for reported in found}
    check_clean(RULE, repair(graph).document)


@pytest.mark.parametrize("name", BROKEN)
def test_other_rules_still_look_at_such_a_graph(classic, name):
    from audio_loop.workflow_graph.audit.engine import audit, select

    graph = classic(compression=0)
    BROKEN[name][0](graph)
    found = audit(graph, select(["preprocess_compression"]))
    assert found.obstacle is None
    assert [reported.rule.code for reported in found.reported] == ["preprocess_compression"]
