from __future__ import annotations

from audio_loop.workflow_graph.audit.engine import audit, select

RULE = "graph_acyclic"


def link(graph, origin, origin_slot, target, target_slot):
    """Writes a link that no verb would make."""
    graph["last_link_id"] += 1
    identity = graph["last_link_id"]
    nodes = {node["id"]: node for node in graph["nodes"]}
    old = nodes[target]["inputs"][target_slot]["link"]
    graph["links"] = [entry for entry in graph["links"] if entry[0] != old]
    for node in nodes.values():
        for output in node.get("outputs", []):
            output["links"] = [i for i in output.get("links") or [] if i != old]
    kind = nodes[origin]["outputs"][origin_slot]["type"]
    nodes[origin]["outputs"][origin_slot]["links"].append(identity)
    nodes[target]["inputs"][target_slot]["link"] = identity
    graph["links"].append([identity, origin, origin_slot, target, target_slot, kind])


def circular(graph):
    """Feeds the model of the first patch from the last one."""
    link(graph, 508, 0, 504, 0)
    return graph


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_a_circle_is_found(check_finds, classic):
    check_finds(RULE, circular(classic()), "508.*504|504.*508")


def test_a_circle_keeps_no_other_rule_from_answering(classic):
    found = audit(circular(classic()))
    assert RULE in {reported.rule.code for reported in found.reported}


def test_a_subgraph_that_contains_itself_is_found(classic):
    graph = classic()
    inner = graph["definitions"]["subgraphs"][0]
    inner["nodes"].append({**inner["nodes"][0], "id": 4000, "type": inner["id"], "inputs": [], "outputs": []})
    graph["last_node_id"] = inner["state"]["lastNodeId"] = 4000
    found = audit(graph, select([RULE, "seed_control_drift", "decoder"]))
    assert any("contains itself" in reported.finding.message for reported in found.reported)
    assert found.obstacle is not None
    assert [rule.code for rule in found.unrun_rules] == ["decoder"]


def test_fixed(check_clean, classic):
    graph = circular(classic())
    link(graph, 268, 0, 504, 0)
    check_clean(RULE, graph)
