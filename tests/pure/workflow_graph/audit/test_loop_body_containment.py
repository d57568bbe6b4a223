from __future__ import annotations

from audio_loop.workflow_graph.audit.engine import audit, select

RULE = "loop_body_containment"


def stray(graph):
    node = graph.add("StripLatentNoiseMask", id=4000)
    graph.connect(graph.one(type="TensorLoopOpen").output("previous_value"), node.input("latent"))
    saver = graph.add("SaveLatent", id=4002)
    graph.connect(node.output(0), saver.input("samples"))


def idle(graph):
    node = graph.add("StripLatentNoiseMask", id=4000)
    graph.connect(graph.one(type="TensorLoopOpen").output("previous_value"), node.input("latent"))


def preview(graph):
    node = graph.add("PreviewAny", id=4001)
    graph.connect(graph.one(type="TensorLoopOpen").output("current_iteration"), node.input("source"))


def no_end(graph):
    graph.disconnect(graph.one(type="TensorLoopClose").input("flow_control"))


def take_out(graph):
    graph.remove(graph.node(4002))
    graph.remove(graph.node(4000))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(clip_in_loop=True, audio_in_loop=True))


def test_a_node_beside_the_loop_is_found(ours):
    (one, two) = audit(ours(stray), select([RULE])).reported
    assert {(r.finding.where.split()[1], r.severity.value) for r in (one, two)} == {("4000", "ERR"), ("4002", "WARN")}


def test_a_node_that_nothing_reads_never_runs_and_is_no_fault(check_clean, ours):
    check_clean(RULE, ours(idle))


def test_a_preview_beside_the_loop_is_a_warning(check_finds, ours):
    check_finds(RULE, ours(preview), "node 4001 .*runs once", severity="WARN")


def test_a_loop_without_an_end_is_found(check_finds, ours):
    check_finds(RULE, ours(no_end), "node 1539 .*no closing node")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(stray), take_out)
