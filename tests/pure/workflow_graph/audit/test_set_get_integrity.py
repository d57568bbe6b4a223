from __future__ import annotations

from audio_loop.workflow_graph.audit.engine import audit, select

RULE = "set_get_integrity"


def rename(kind, old, new):
    def edit(graph):
        for node in graph.find(type=kind):
            if node.raw["widgets_values"] == [old]:
                node.raw["widgets_values"] = [new]

    return edit


def unfed(graph):
    node = next(n for n in graph.find(type="SetNode") if n.raw["widgets_values"] == ["sampler"])
    graph.disconnect(node.inputs[0])


def found_in(graph):
    return sorted((r.severity.value, r.finding.message) for r in audit(graph, select([RULE])).reported)


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True, audio_in_loop=True, encode_in_loop=True))


def test_a_get_without_a_set_is_found_and_the_set_that_it_left(classic):
    assert found_in(classic(rename("GetNode", "orig_audio", "gone"))) == [
        ("ERR", "no SetNode is called 'gone'"),
        ("WARN", "nothing reads the SetNode 'orig_audio'"),
    ]


def test_a_get_without_a_name_is_found(classic):
    assert ("ERR", "has no name") in found_in(classic(rename("GetNode", "orig_audio", "")))


def test_two_sets_of_one_name_are_found(classic):
    found = found_in(classic(rename("SetNode", "orig_audio", "actual_audio")))
    assert ("ERR", "2 SetNodes are called 'actual_audio'; a GetNode reads only the first") in found


def test_a_set_that_gets_nothing_is_found(check_finds, classic):
    check_finds(RULE, classic(unfed), "'sampler' gets nothing", severity="WARN")


def test_a_get_inside_a_subgraph_reads_a_set_around_it(check_clean, check_finds, classic):
    def inside(name):
        def edit(graph):
            get = next(n for n in graph.find(type="GetNode") if n.raw["widgets_values"] == ["sampler"])
            raw = {**get.raw, "id": 4000, "outputs": [{"name": "*", "type": "*", "links": []}], "widgets_values": [name]}
            graph.subgraph("extension").raw["nodes"].append(raw)
            graph.state.note_id("node", 4000)
            graph.state.reindex()

        return edit

    check_clean(RULE, classic(inside("sampler")))
    check_finds(RULE, classic(inside("gone")), "node 4000 .*no SetNode is called 'gone'")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(rename("GetNode", "orig_audio", "gone")), rename("GetNode", "gone", "orig_audio"))
