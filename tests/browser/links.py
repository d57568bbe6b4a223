"""The curves that the browser draws for links, and which nodes they run across."""

from __future__ import annotations

from . import boxes

# As the classic canvas draws them (Nodes 2.0 draws links on the same canvas): a cubic curve whose handles are a quarter of the
# distance long, piece by piece between the bends that a user has dragged.
CURVES = """() => {
    const { graph } = window.app.canvas;
    const at = (id, slot, isInput) => {
        const node = graph.getNodeById(id);
        if (node) return isInput ? node.getInputPos(slot) : node.getOutputPos(slot);
        const boundary = isInput ? graph.outputNode : graph.inputNode;
        return boundary.slots[slot].pos;
    };
    const links = [...graph.links.values()];
    return links.map((link) => ({
        name: `${link.origin_id} to ${link.target_id}`,
        ends: [String(link.origin_id), String(link.target_id)],
        points: [
            [...at(link.origin_id, link.origin_slot, false)],
            ...(window.LiteGraph.LLink ?? link.constructor).getReroutes(graph, link).map((bend) => [...bend.pos]),
            [...at(link.target_id, link.target_slot, true)],
        ],
    }));
}"""
STEPS = 64


def across_nodes(page):
    """Links of the level that is shown that run across a node other than their ends, as "1 to 2 across 3"."""
    drawn = boxes.drawn_boxes(page)["nodes"]
    found = []
    for curve in page.evaluate(CURVES):
        points = [
            point for start, end in zip(curve["points"], curve["points"][1:], strict=False) for point in _cubic(start, end)
        ]
        for name, *box in drawn:
            identity = name.split()[0]
            if identity not in curve["ends"] and any(_within(point, box) for point in points):
                found.append(f"{curve['name']} across {name}")
    return found


def _cubic(start, end):
    reach = 0.25 * ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    handles = [start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end]
    for step in range(STEPS + 1):
        t = step / STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield [sum(weight * handle[axis] for weight, handle in zip(weights, handles, strict=True)) for axis in (0, 1)]


def _within(point, box):
    x, y, width, height = box
    return x < point[0] < x + width and y < point[1] < y + height
