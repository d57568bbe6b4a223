"""Where the nodes of the shipped workflows stand: room for what a node grows to while it runs, and for a footer."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph import layout
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.schemas import Schemas
from audio_loop.workflow_graph.shipped import canvas, catalogue, columns, notes
from audio_loop.workflow_graph.shipped.arrange import GROWN_HEIGHT, Area, arrange

SCHEMAS = Schemas.load()


def boxes(document):
    """Of every node: name, left, top with the title bar, right, bottom at its largest and with a footer."""
    for node in document["nodes"]:
        (x, y), (width, height) = node["pos"], node["size"]
        height = max(height, GROWN_HEIGHT.get(node["type"], 0)) + layout.FOOTER_HEIGHT
        yield f"{node['id']} {node['type']}", x, y - layout.TITLE_HEIGHT, x + width, y + height


@pytest.mark.parametrize("name", catalogue.WORKFLOWS)
def test_nodes_keep_clear_of_each_other_and_stay_in_their_group_whatever_they_show(name):
    document = catalogue.WORKFLOWS[name]().workflow()
    placed = list(boxes(document))
    frames = [(x, y, x + width, y + height) for x, y, width, height in (g["bounding"] for g in document["groups"])]
    for index, (node, left, top, right, bottom) in enumerate(placed):
        for other, x, y, end, low in placed[index + 1 :]:
            assert right <= x or end <= left or bottom <= y or low <= top, f"{node} covers {other}"
        held = [x <= left and y <= top and right <= end and bottom <= low for x, y, end, low in frames]
        assert held.count(True) == 1, f"{node} is not inside one group"


@pytest.mark.parametrize("name", catalogue.WORKFLOWS)
def test_the_front_is_a_few_nodes_and_no_level_has_nodes_that_cover_each_other(name):
    document = catalogue.canvas(name)
    shown = catalogue.STORIES[name]
    assert {node["id"] for node in document["nodes"]} == set(shown.front)
    assert len(document["nodes"]) <= 8 + len(shown.own)
    coloured = {node["id"] for node in document["nodes"] if node.get("color") == notes.OWN_COLOR}
    assert coloured == shown.own
    for level in (document, *document["definitions"]["subgraphs"]):
        placed = list(boxes(level))
        for index, (node, left, top, right, bottom) in enumerate(placed):
            for other, x, y, end, low in placed[index + 1 :]:
                assert right <= x or end <= left or bottom <= y or low <= top, f"{node} covers {other}"


@pytest.mark.parametrize(
    ("node_type", "drawn_height"),
    [
        # As drawn by Nodes 2.0 (frontend 1.49.6), the title bar taken off; without the line "Show advanced inputs".
        ("CFGGuider", 102),
        ("SamplerCustomAdvanced", 114),
        ("EmptyLTXVLatentVideo", 146),
        ("PrimitiveString", 70),
        ("AudioPadToPlan", 78),
        ("AudioLoopHelperSageAttention", 142),
        ("AudioLatentWindow", 162),
    ],
)
def test_an_estimated_size_is_the_one_that_nodes_2_draws(node_type, drawn_height):
    schema = SCHEMAS[node_type]
    values = {widget.name: widget.default for widget in schema.widgets({})}
    widgets, sockets = schema.widgets(values), schema.sockets(values)
    plain = sum(not socket.has_widget for socket in sockets)
    size = layout.estimate_size(plain, len(schema.outputs), widgets, schema.title, badge=schema.pack != "comfy-core")
    assert size[1] == drawn_height


def test_a_node_that_stands_nowhere_has_no_neighbours():
    with pytest.raises(ValueError, match="node 999 stands in no area"):
        canvas.below(canvas.ROWS, 999, 1)
    with pytest.raises(ValueError, match="node 999 stands in no column"):
        columns.put_right_of([[1, 2], [3]], 999, [4])
    assert columns.put_right_of([[1, 2], [3]], 2, [4]) == [[1, 2], [4], [3]]


@pytest.mark.parametrize(
    ("listed", "said"), [([[1]], "in no area: .2.; in two: .."), ([[1, 2], [1]], "in no area: ..; in two: .1.")]
)
def test_every_node_stands_in_one_area(listed, said):
    b = WorkflowBuilder("two")
    for identity in (1, 2):
        b.note("x", id=identity)
    with pytest.raises(ValueError, match=said):
        arrange(b, [[Area("All", listed)]])
