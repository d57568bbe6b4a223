from __future__ import annotations

import pytest

from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas


@pytest.fixture
def flow_of():
    return lambda graph: Flow(graph, Schemas.load())


def ids(nodes):
    return {node.id for node in nodes}


def test_positive_and_negative_stay_apart(flow_of, classic):
    flow = flow_of(classic(first_prompt="a singer"))
    guider = flow.nodes["153"]
    positive = ids(flow.upstream(guider, "positive", kinds=("CONDITIONING",)))
    negative = ids(flow.upstream(guider, "negative", kinds=("CONDITIONING",)))
    assert positive == {"164", "169"}
    assert negative == {"164", "420", "169"}


def test_walks_end_at_excluded_types_and_follow_the_kinds_asked_for(flow_of, classic):
    flow = flow_of(classic())
    guide = flow.nodes["843:1519"]
    assert ids(flow.upstream(guide, "guiding_latent", kinds=("LATENT", "IMAGE"))) == {"1617", "446", "445", "444"}
    without = flow.upstream(guide, "guiding_latent", kinds=("LATENT", "IMAGE"), without=("LTXVPreprocess",))
    assert ids(without) == {"1617"}
    assert "1604" in ids(flow.downstream(flow.nodes["843:573"]))
    assert "1604" not in ids(flow.downstream(flow.nodes["843:573"], without=("TensorLoopClose",)))


def test_values_are_read_through_wires(flow_of, classic):
    def through_a_planner(graph):
        planner = graph.add("LTXFramePlanner", id=1634, widgets={"target_seconds": 10.0, "fps": 24})
        controller = graph.one(type="AudioLoopController")
        graph.connect(planner.output("actual_seconds"), controller.input("window_seconds"))
        graph.connect(planner.output("fps_int"), controller.input("fps"))

    flow = flow_of(classic(through_a_planner))
    controller = flow.of_type("AudioLoopController")[0]
    assert (flow.number(controller, "window_seconds"), flow.number(controller, "fps")) == (10.0, 24)
    assert flow.number(controller, "overlap_seconds") == 2.0
    assert flow.number(controller, "current_iteration") is None
    assert flow.number(flow.nodes["344"], "width") == 832


def test_bypassed_and_muted_nodes_are_not_there(flow_of, classic):
    flow = flow_of(classic(lambda graph: graph.bypass(graph.node(508))))
    assert "508" not in flow.nodes
    assert flow.feeding(flow.nodes["503"], "model").id == "1523"


def test_a_graph_that_cannot_run_is_refused(flow_of, classic):
    graph = classic()
    next(node for node in graph["nodes"] if node["id"] == 344)["inputs"][0]["link"] = 99999
    with pytest.raises(DocumentError, match="99999"):
        flow_of(graph)


def test_a_node_that_nothing_needs_is_not_there(flow_of, ours):
    def idle(graph):
        graph.add("CFGGuider", id=9001, widgets={"cfg": 7.0})
        graph.add("LTXVPreprocess", id=9002, widgets={"img_compression": 0})

    flow = flow_of(ours(idle))
    assert not {"9001", "9002"} & set(flow.nodes)
    assert {"161", "843:573", "1540"} <= set(flow.nodes)


def test_without_any_output_node_all_nodes_count(flow_of, ours):
    def no_savers(graph):
        for node in [node for node in graph.nodes if node.schema is not None and node.schema.is_output]:
            graph.remove(node)

    assert "843:573" in flow_of(ours(no_savers)).nodes
