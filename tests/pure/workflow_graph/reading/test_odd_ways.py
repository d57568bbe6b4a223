"""Ways that lead nowhere, and prompts that are none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.audit.subject import Subject
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.plain_ids import with_plain_ids
from audio_loop.workflow_graph.reading import flow as flows
from audio_loop.workflow_graph.reading.flow import Flow, WayTooLongError
from audio_loop.workflow_graph.reading.schedules import read_schedules, written_schedules
from audio_loop.workflow_graph.reading.trace import hops, origin
from audio_loop.workflow_graph.reading.values import Fed, value
from audio_loop.workflow_graph.schemas import Schemas

SCHEMAS = Schemas.load()


@dataclass(frozen=True)
class Constant:
    name: str
    type: str = "PrimitiveFloat"


def test_constants_that_feed_each_other_have_no_value():
    one, two = Constant("one"), Constant("two")
    wired = {one: Fed(two, 0), two: Fed(one, 0)}
    assert value(one, "value", lambda node, name: wired[node]) is None
    assert value(one, "value", lambda node, name: Fed(two, 0) if node is one else 7.0) == 7.0


def reroutes(kind, **first):
    """A decoder fed by two nodes that only pass data on, to each other as well."""
    slot = {"name": "", "type": "*"}
    nodes = [
        {"id": 1, "type": kind, "inputs": [{**slot, "link": 2}], "outputs": [{**slot, "links": [1, 3]}], **first},
        {"id": 2, "type": kind, "inputs": [{**slot, "link": 1}], "outputs": [{**slot, "links": [2]}]},
        {"id": 3, "type": "VAEDecode", "inputs": [{"name": "samples", "type": "LATENT", "link": 3}], "outputs": []},
    ]
    links = [[1, 1, 0, 2, 0, "*"], [2, 2, 0, 1, 0, "*"], [3, 1, 0, 3, 0, "LATENT"]]
    return Graph({"nodes": nodes, "links": links, "version": 0.4})


def test_reroutes_in_a_circle_come_from_nowhere():
    target = reroutes("Reroute").node(3).inputs[0]
    way, source = hops(target)
    assert source is None
    assert [slot.node_id for slot in way] == [3, 1, 2]


def test_a_get_without_a_name_reads_nothing_behind_it():
    target = reroutes("GetNode", widgets_values=[]).node(3).inputs[0]
    assert origin(target).node_id == 1


def test_links_written_as_a_mapping_become_a_list():
    document = reroutes("Reroute").to_document()
    mapped = {**document, "links": {str(link[0]): link for link in document["links"]}}
    assert with_plain_ids(mapped) == document
    assert isinstance(mapped["links"], dict)


@pytest.mark.parametrize("entry", [{"class_type": "VAEDecode", "inputs": []}, {"class_type": 7, "inputs": {}}])
def test_a_prompt_with_a_node_that_is_none_is_an_obstacle_with_its_id(entry):
    prompt = {"41": entry}
    with pytest.raises(DocumentError, match="node 41 of the API prompt has no inputs, or its class_type is no text"):
        Flow(prompt, SCHEMAS)
    subject = Subject(prompt)
    assert subject.obstacle.startswith("node 41 of the API prompt")
    with pytest.raises(DocumentError, match="node 41"):
        _ = subject.flow
    found = audit(prompt, select(["decoder"]))
    assert (found.reported, [rule.code for rule in found.unrun_rules]) == ((), ["decoder"])


def test_a_graph_with_too_many_ways_is_not_walked_to_the_end(classic, monkeypatch):
    document = classic()
    monkeypatch.setattr(flows, "MOST_STEPS", 5)
    with pytest.raises(WayTooLongError, match=r"the graph has \d+ nodes and too many ways through them"):
        Flow(document, SCHEMAS)


def test_a_rule_that_cannot_look_at_all_of_it_warns(classic, monkeypatch):
    document = classic(decoder="core")
    whole = Flow(document, SCHEMAS)
    monkeypatch.setattr(flows, "MOST_STEPS", flows.MOST_STEPS - whole._steps_left + 1)
    found = audit(document, select(["decoder"]))
    assert found.obstacle is None
    (reported,) = found.reported
    assert (reported.severity.value, reported.finding.where) == ("WARN", "the graph")
    assert "this rule did not look at all of it: the graph has" in reported.finding.message


def test_a_schedule_that_two_nodes_read_is_written_once():
    text = {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "0:00+: a singer"}}
    reader = {"class_type": "TimestampPromptSchedule", "inputs": {"schedule": ["1", 0]}}
    flow = Flow({"1": text, "2": reader, "3": reader}, SCHEMAS)
    assert [schedule.reader.id for schedule in read_schedules(flow)] == ["2", "3"]
    assert [(node.id, said) for node, said in written_schedules(flow)] == [("1", "0:00+: a singer")]
