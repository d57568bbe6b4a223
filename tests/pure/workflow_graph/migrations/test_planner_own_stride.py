from __future__ import annotations

from audio_loop.workflow_graph.editing.graph import Graph


def _old_planner(kit):
    """The planner as it was: it read its stride, had no overlap, and stood inside the loop."""
    graph = Graph(kit.sound(iterations_wired=False))
    planner = graph.node(1560)
    for name in ("window_seconds", "overlap_seconds"):
        graph.disconnect(planner.input(name))
    for output in planner.outputs:
        for target in output.targets:
            graph.disconnect(target)
    document = graph.to_document()
    raw = next(node for node in document["nodes"] if node["id"] == 1560)
    audio = next(slot for slot in raw["inputs"] if slot["name"] == "audio")
    raw["inputs"] = [audio, {"name": "stride_seconds", "type": "FLOAT", "widget": {"name": "stride_seconds"}, "link": 9001}]
    raw["widgets_values"] = [18.88, 19.88]
    next(link for link in document["links"] if link[0] == audio["link"])[4] = 0
    document["links"].append([9001, 1582, 4, 1560, 1, "FLOAT"])
    document["last_link_id"] = 9001
    next(node for node in document["nodes"] if node["id"] == 1582)["outputs"][4]["links"].append(9001)
    return document


def test_the_planner_works_out_its_own_stride(kit):
    graph = kit.check_migrates(_old_planner(kit), "planner_own_stride")
    planner = graph.node(1560)
    assert [slot.name for slot in planner.inputs if slot.link] == ["audio", "overlap_seconds"]
    assert planner.input("overlap_seconds").source.node_id == 2013
    assert planner.widgets["window_seconds"] == 19.88
    assert planner.widgets["fps"] == 25


def test_then_it_can_tell_the_loop_how_often_to_run(kit):
    graph = kit.check_migrates(_old_planner(kit), "planner_own_stride")
    kit.check_migrates(graph.to_document(), "iterations_autowire")


def test_a_planner_of_today_stays(kit):
    kit.check_leaves(kit.sound(), "planner_own_stride")
    kit.check_leaves(kit.ours(), "planner_own_stride")
