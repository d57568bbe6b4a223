"""A node that nothing reads never runs, so what it holds is no fault."""

from __future__ import annotations

from audio_loop.workflow_graph.audit.engine import audit


def idle(graph):
    graph.add("LTXVPreprocess", widgets={"img_compression": 0})
    graph.add("EmptyLTXVLatentVideo", widgets={"length": 100})
    graph.add("KSamplerSelect", widgets={"sampler_name": "euler_ancestral"})
    graph.add("TimestampPromptScheduleBatchEncode", widgets={"schedule": "0:00 nonsense"})
    graph.add("AudioLoopController", widgets={"overlap_seconds": 0.0, "window_seconds": 40.0})


def test_idle_nodes_are_not_judged(ours, classic):
    for graph in (ours, classic):
        assert [str(r.finding) for r in audit(graph(idle)).reported] == [str(r.finding) for r in audit(graph()).reported]
