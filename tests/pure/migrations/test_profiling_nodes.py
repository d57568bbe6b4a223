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
