"""The boxes that the browser draws for nodes and groups, the links between them, and which are in each other's way."""

from __future__ import annotations

from itertools import pairwise

STEADY_MS = 50

# Of the level that is shown, in canvas units; exact at a scale of 1, because the browser rounds to its own pixels. A node of
# Nodes 2.0 is as large as its element and what hangs out of it (a footer, the frame of an error).
BOXES = """() => {
    const { ds, graph, canvas } = window.app.canvas, nodes2 = window.LiteGraph.vueNodesMode;
    const origin = canvas.getBoundingClientRect();
    const drawn = (id) => {
        const element = document.querySelector(`[data-node-id="${id}"]`);
        if (!element) throw new Error(`node ${id} is not drawn`);
        const rects = [element, ...element.children].map((each) => each.getBoundingClientRect()).filter((r) => r.height > 0);
        const [left, top] = [Math.min(...rects.map((r) => r.left)), Math.min(...rects.map((r) => r.top))];
        const [right, bottom] = [Math.max(...rects.map((r) => r.right)), Math.max(...rects.map((r) => r.bottom))];
        const unscaled = (value, axis) => value / ds.scale - ds.offset[axis];
        const [width, height] = [(right - left) / ds.scale, (bottom - top) / ds.scale];
        return [unscaled(left - origin.left, 0), unscaled(top - origin.top, 1), width, height];
    };
    return {
        nodes: graph.nodes.map((node) => [`${node.id} ${node.title}`, ...(nodes2 ? drawn(node.id) : node.boundingRect)]),
        groups: graph.groups.map((group) => [group.title, ...group._bounding]),
    };
}"""
# Links of the level that is shown as points along the curve that litegraph draws, in canvas units, with the middle that it
# keeps of each: the curve here must go through that. One that is led through bends has several, and they are not compared.
# Ends at the frame of a subgraph have no node.
LINKS = """() => {
    const { graph } = window.app.canvas, steps = 60;
    const place = (id, slot, input) => {
        const frame = [graph.inputNode, graph.outputNode].find((each) => each && each.id === id);
        if (frame) return [...frame.slots[slot].pos];
        const node = graph.getNodeById(id);
        return [...(input ? node.getInputPos(slot) : node.getOutputPos(slot))];
    };
    const curve = (from, to) => {
        const reach = Math.hypot(to[0] - from[0], to[1] - from[1]) / 4;
        const corners = [from, [from[0] + reach, from[1]], [to[0] - reach, to[1]], to];
        const at = (t) => [0, 1].map((axis) => [1, 3, 3, 1].reduce((sum, factor, index) =>
            sum + factor * (1 - t) ** (3 - index) * t ** index * corners[index][axis], 0));
        return [...Array(steps + 1).keys()].map((step) => at(step / steps));
    };
    return [...graph.links.values()].map((link) => {
        const bends = [];
        for (let bend = graph.reroutes.get(link.parentId); bend; bend = graph.reroutes.get(bend.parentId)) {
            bends.unshift([...bend.pos]);
        }
        const ends = [link.origin_id, link.target_id];
        const way = [place(ends[0], link.origin_slot, false), ...bends, place(ends[1], link.target_slot, true)];
        const points = way.slice(1).flatMap((to, index) => curve(way[index], to));
        return { ends: ends.map(String), middle: bends.length > 0 ? points[0] : [...link._pos], points };
    });
}"""
# How far a link runs into the boxes of its own two nodes before it leaves them: slots lie a little inside.
OWN_PX = 25
CURVE_PX = 3
SHOW_LEVEL = """(number) => {
    const { canvas, graph } = window.app;
    canvas.setGraph([graph.rootGraph ?? graph, ...(graph.rootGraph ?? graph).subgraphs.values()][number]);
    canvas.ds.scale = 1;
    canvas.ds.offset = [0, 0];
    canvas.setDirty(true, true);
}"""
# A node is as tall as its picture or video only once that is loaded.
LOADED = """() => [...document.querySelectorAll("video")].every((each) => each.readyState > 0 || each.error)
    && [...document.querySelectorAll("img")].every((each) => each.complete)"""
LEVELS = "() => 1 + window.app.graph.subgraphs.size"
SLACK_PX = 0.5


def in_the_way(page, most_levels=None):
    """`complaints` for every level of the graph, the subgraphs included, or the first ones; shows the last at the end."""
    found = {}
    for level in range(most_levels or page.evaluate(LEVELS)):
        page.evaluate(SHOW_LEVEL, level)
        wrong = complaints(drawn_boxes(page))
        if wrong:
            found[level] = wrong
    return found


def drawn_boxes(page):
    """Nodes and groups of the level that is shown, once their sizes no longer change."""
    page.wait_for_function(LOADED)
    before, equal = None, 0
    for _ in range(100):
        page.wait_for_timeout(100)
        boxes = page.evaluate(BOXES)
        equal = equal + 1 if boxes == before else 0
        if equal == 3:
            return boxes
        before = boxes
    raise AssertionError(f"the nodes do not come to rest: {before}")


def complaints(boxes):
    """Pairs of nodes that cover each other, and nodes that stand on the edge of a group."""
    found = []
    for index, (name, *box) in enumerate(boxes["nodes"]):
        found += [f"{name} / {other}" for other, *second in boxes["nodes"][index + 1 :] if not apart(box, second)]
        found += [
            f"{name} on the edge of the group {group}"
            for group, *frame in boxes["groups"]
            if not apart(box, frame) and not inside(box, frame)
        ]
    return found


def crossings(page):
    """Links of the level that is shown that run over a node, as pairs of ends and node."""
    boxes, found = drawn_boxes(page)["nodes"], []
    for link in page.evaluate(LINKS):
        points, (x, y) = link["points"], link["middle"]
        assert min(abs(px - x) + abs(py - y) for px, py in points) <= CURVE_PX + _longest_step(points), link
        for name, *box in boxes:
            own = OWN_PX if name.split(" ")[0] in link["ends"] else 0
            if any(_within(point, box, own) for point in points):
                found.append((" to ".join(link["ends"]), name))
    return found


def _longest_step(points):
    return max(abs(ax - bx) + abs(ay - by) for (ax, ay), (bx, by) in pairwise(points))


def _within(point, box, deep):
    (x, y), (left, top, width, height) = point, box
    return left + deep < x < left + width - deep and top + deep < y < top + height - deep


def apart(box, other):
    (x, y, width, height), (left, top, across, down) = box, other
    return (
        x + width <= left + SLACK_PX
        or left + across <= x + SLACK_PX
        or y + height <= top + SLACK_PX
        or top + down <= y + SLACK_PX
    )


def inside(box, frame):
    (x, y, width, height), (left, top, across, down) = box, frame
    return left <= x and top <= y and x + width <= left + across and y + height <= top + down


def steady_box(locator):
    """Where an element lies on the screen, once it lies still: panels that open beside it move it, some time later."""
    box = locator.bounding_box()
    while True:
        locator.page.wait_for_timeout(STEADY_MS)
        before, box = box, locator.bounding_box()
        if box == before:
            return box
