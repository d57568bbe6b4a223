"""The boxes that the browser draws for nodes and groups, and which of them are in each other's way."""

from __future__ import annotations

# Of the level that is shown, in canvas units; at a scale of 1, because the browser rounds to its own pixels. A node of
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
        return [left - origin.left - ds.offset[0], top - origin.top - ds.offset[1], right - left, bottom - top];
    };
    return {
        nodes: graph.nodes.map((node) => [`${node.id} ${node.title}`, ...(nodes2 ? drawn(node.id) : node.boundingRect)]),
        groups: graph.groups.map((group) => [group.title, ...group._bounding]),
    };
}"""
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


def in_the_way(page):
    """`complaints` for every level of the graph, the subgraphs included; shows the last of them at the end."""
    found = {}
    for level in range(page.evaluate(LEVELS)):
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
