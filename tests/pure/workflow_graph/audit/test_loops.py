from __future__ import annotations

from audio_loop.workflow_graph.audit.loops import Parts
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas


def test_the_parts_of_the_loop(ours, classic):
    for graph in (ours(), classic()):
        parts = Parts(Flow(graph, Schemas.load()))
        (loop,) = parts.loops
        assert (loop.open.id, loop.close.id) == ("1539", "1540")
        assert [node.id for node in parts.initial_samplers] == ["161"]
        assert [node.id for node in parts.loop_samplers] == ["843:573"]
        assert {"1582", "843:606", "843:644"} <= set(loop.body)
        assert not {"1539", "1540", "161", "164", "1604"} & set(loop.body)
        assert (parts.geometry.window_px, parts.geometry.stride_px) == (497, 448)
        assert parts.is_distilled
        assert not parts.is_two_stage


def test_the_parts_of_two_stages(two_stages):
    parts = Parts(Flow(two_stages(), Schemas.load()))
    assert [(loop.open.id, loop.close.id) for loop in parts.loops] == [("1539", "1540"), ("2513", "2514")]
    assert [node.id for node in parts.initial_samplers] == ["161"]
    assert [node.id for node in parts.loop_samplers] == ["843:573", "2517:2525"]
    assert (parts.geometry.window_px, parts.geometry.stride_px) == (497, 448)
    assert parts.is_two_stage
