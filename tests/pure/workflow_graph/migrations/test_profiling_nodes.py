from __future__ import annotations

import pytest

from audio_loop.workflow_graph.diff import diff

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
