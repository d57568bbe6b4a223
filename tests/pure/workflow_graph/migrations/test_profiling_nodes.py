from __future__ import annotations

import pytest

from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.editing.graph import Graph

from .small_graphs import foreign

KINDS = ("ProfileBegin", "ProfileIterStep", "ProfileEnd", "LoopIterationStamp")


@pytest.mark.parametrize("which", ["sound", "april", "ours"])
def test_around_the_loop_and_gone_again(kit, which):
    before = getattr(kit, which)()
    graph = kit.check_migrates(before, "profiling_nodes", run_name="night", trace=True)
    begin, step, end, stamp = (graph.one(type=kind) for kind in KINDS)
    assert graph.node(1539).input("initial_value").source.node == begin
    assert graph.node(1540).input("processed").source.node == step
    assert [target.node_id for target in end.output("latent").targets] == [1605]
    assert end.input("latent").source.node_id == 1540
    assert {node.input("profile").source.node for node in (step, end)} == {begin}
    assert graph.node(843).input("model").source.node == stamp
    assert stamp.input("current_iteration").source.node_id == 1539
    assert (begin.widgets["run_name"], stamp.widgets["trace"]) == ("night", True)
    removed = kit.check_migrates(graph.to_document(), "profiling_nodes", remove=True)
    assert diff(before, removed.to_document()) == ()


@pytest.mark.parametrize("name", ["audio-loop-music-video_image", "audio-loop-music-video_image_adain_perstep"])
def test_loops_of_pictures_are_measured_too(kit, name):
    before = kit.shipped(name)
    graph = kit.check_migrates(before, "profiling_nodes")
    begin, step, end, _ = (graph.one(type=kind) for kind in KINDS)
    assert graph.node(1539).input("initial_value").source.node == begin
    assert graph.node(1540).input("processed").source.node == step
    assert end.input("latent").source.node_id == 1540
    removed = kit.check_migrates(graph.to_document(), "profiling_nodes", remove=True)
    assert diff(before, removed.to_document()) == ()


def test_remove_takes_the_older_packs_nodes_out_as_well(kit):
    before = kit.sound()
    document = kit.sound()
    opened = next(node for node in document["nodes"] if node["id"] == 1539)
    slot = next(i for i, each in enumerate(opened["inputs"]) if each["name"] == "initial_value")
    link = next(link for link in document["links"] if link[0] == opened["inputs"][slot]["link"])
    # ProfileBegin_AudioLoop between the initial value and the loop.
    document["nodes"].append(
        {
            "id": 7001,
            "type": "ProfileBegin_AudioLoop",
            "pos": [0, 0],
            "mode": 0,
            "inputs": [{"name": "trigger", "type": "*", "link": link[0]}],
            "outputs": [{"name": "trigger", "type": "*", "links": [9001]}],
            "widgets_values": [True, "", 1, 3],
        }
    )
    document["links"].append([9001, 7001, 0, 1539, slot, "LATENT"])
    link[3], link[4] = 7001, 0
    opened["inputs"][slot]["link"] = 9001
    document.update(last_node_id=7001, last_link_id=9001)
    removed = kit.check_migrates(document, "profiling_nodes", remove=True)
    assert diff(before, removed.to_document()) == ()


def test_a_graph_without_a_loop_is_told_so(kit):
    outcome = kit.check_leaves(kit.shipped("audio-loop-music-video_retake"), "profiling_nodes")
    assert "go around a loop" in outcome.remarks[0]


def test_a_loop_without_an_end_is_not_profiled_and_named(kit):
    graph = Graph(kit.sound())
    graph.remove(graph.node(1540))
    outcome = kit.check_leaves(graph.to_document(), "profiling_nodes")
    assert outcome.remarks == (f"{graph.node(1539)} has no TensorLoopClose; it is not profiled",)


@pytest.mark.parametrize(("identity", "name"), [(1539, "initial_value"), (1540, "processed")])
def test_a_loop_that_is_not_wired_gets_the_stamp_only_and_is_named(kit, identity, name):
    graph = Graph(kit.sound())
    graph.disconnect(graph.node(identity).input(name))
    outcome = kit.apply(graph.to_document(), "profiling_nodes")
    after = Graph(outcome.document)
    assert [len(after.find(type=kind)) for kind in KINDS] == [0, 0, 0, 1]
    assert f"{graph.node(identity)}: its {name} is not wired; the loop is not profiled" in outcome.remarks


def test_a_guider_without_a_model_gets_no_stamp(kit):
    graph = Graph(kit.sound())
    graph.disconnect(graph.node(843).input("model"))
    after = kit.check_migrates(graph.to_document(), "profiling_nodes")
    assert [len(after.find(type=kind)) for kind in KINDS] == [1, 1, 1, 0]


def test_a_guider_of_a_pack_that_nobody_knows_is_passed_over(kit):
    """Its inputs are what the file says, and none of them is a model."""
    graph = foreign(Graph(kit.sound()), "STGGuider", [("anything", "*")], [("GUIDER", "GUIDER")], [], identity=7001)
    after = kit.check_migrates(graph.to_document(), "profiling_nodes")
    assert after.node(843).input("model").source.node == after.one(type="LoopIterationStamp")
    assert after.node(7001).input("anything").source is None


def test_a_loop_that_ends_in_another_level_is_named(kit):
    graph = Graph(kit.sound())
    body, fed = graph.node(606).level, graph.node(1540)
    graph.remove(fed)
    inside = graph.add_input(body, "flow_control", "FLOW_CONTROL")
    closed = graph.add("TensorLoopClose", level=body)
    graph.connect(graph.node(1539).output("flow_control"), graph.node(843).input("flow_control"))
    graph.connect(inside, closed.input("flow_control"))
    graph.connect(graph.node(606).output("video_latent"), closed.input("processed"))
    outcome = kit.apply(graph.to_document(), "profiling_nodes")
    assert f"{graph.node(1539)} and {closed} are not side by side; the loop is not profiled" in outcome.remarks
    assert Graph(outcome.document).find(type="ProfileBegin") == ()
