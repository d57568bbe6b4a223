"""What a user does with mouse and keys on the real page: pick a template, choose files, type, drag, press buttons."""

from __future__ import annotations

from audio_loop.comfy_host import frontend

from .boxes import steady_box

SCHEDULE = """() => window.app.graph.nodes.find((each) => each.comfyClass === "AudioLoopPrompts")
    ?.widgets.find((each) => each.name === "schedule").value"""
SAYS = "() => document.querySelector('.audio-loop-timeline .says')?.textContent ?? ''"
# On the screen, of a widget that the canvas draws itself.
PLACE = """([id, name]) => {
    const { ds, canvas, graph } = window.app.canvas, node = graph.getNodeById(id);
    const widget = node.widgets.find((each) => [each.name, each.label].includes(name));
    const { left, top } = canvas.getBoundingClientRect();
    const onScreen = (value, axis) => (value + ds.offset[axis]) * ds.scale;
    return [left + onScreen(node.pos[0] + node.size[0] / 2, 0), top + onScreen(node.pos[1] + widget.y + 10, 1)];
}"""
# Of the button in the title of a subgraph's node.
CORNER = """(id) => {
    const { ds, canvas, graph } = window.app.canvas, node = graph.getNodeById(id);
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [node.pos[0] + node.size[0] - 15, node.pos[1] - 15];
    return [left + (x + ds.offset[0]) * ds.scale, top + (y + ds.offset[1]) * ds.scale];
}"""
EMPTY_PLACE = (800, 940)
"""On the screen, below the nodes of a fitted front."""

EDGE_ROW = 0.55
"""Share of the timeline's height at which its blocks lie."""


def pick_template(page, name):
    """Opens the Templates dialog from the side bar, chooses the pack there, and the workflow."""
    page.get_by_role("button", name="Templates").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("audio-loop", exact=True).first.click(timeout=frontend.READY_MS)
    dialog.get_by_text(name, exact=True).first.click(timeout=frontend.READY_MS)
    dialog.wait_for(state="hidden", timeout=frontend.READY_MS)
    page.wait_for_function("() => window.app.graph.nodes.length > 0", timeout=frontend.READY_MS)


def nodes_2(page):
    return page.evaluate("() => Boolean(window.LiteGraph.vueNodesMode)")


def press(page, node, button):
    """A button on a node, by its words."""
    if nodes_2(page):
        page.locator(f'[data-node-id="{node}"]').get_by_role("button", name=button, exact=True).click()
    else:
        page.mouse.click(*page.evaluate(PLACE, [node, button]))


def enter(page, node):
    """Opens a subgraph by the button of its node."""
    if nodes_2(page):
        page.locator(f'[data-node-id="{node}"]').get_by_role("button", name="Enter").click()
    else:
        page.mouse.click(*page.evaluate(CORNER, node))


def fit(page):
    """All nodes, or all that are selected, into view, by ComfyUI's button."""
    page.get_by_role("button", name="Fit View").click()
    page.wait_for_timeout(600)


def upload(page, node, path):
    """A file, through the node's own upload button and the browser's file dialog."""
    with page.expect_file_chooser() as dialog:
        if nodes_2(page):
            page.locator(f'[data-node-id="{node}"] input[type=file]').first.locator("xpath=..").click()
        else:
            page.mouse.click(*page.evaluate(PLACE, [node, "upload"]))
    dialog.value.set_files(path)
    value = "([id, name]) => window.app.graph.getNodeById(id).widgets[0].value === name"
    page.wait_for_function(value, arg=[node, path.name], timeout=frontend.READY_MS)


def write_prompts(page, text):
    """Replaces the schedule in the node's text box."""
    wanted = page.evaluate(SCHEDULE)
    (box,) = [each for each in page.locator("textarea").all() if each.input_value() == wanted]
    box.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def sections(page, count):
    """What the timeline says of every section, walked over by its keys, the first first."""
    page.locator(".audio-loop-timeline canvas").focus()
    page.keyboard.press("Home")
    said = [page.evaluate(SAYS)]
    for _ in range(count - 1):
        page.keyboard.press("ArrowDown")
        page.wait_for_function(f"(before) => ({SAYS})() !== before", arg=said[-1], timeout=frontend.READY_MS)
        said.append(page.evaluate(SAYS))
    return said


def place(page, seconds, length):
    """A second of a song of this length on the timeline's blocks, on the screen."""
    box = steady_box(page.locator(".audio-loop-timeline canvas"))
    return box["x"] + box["width"] * seconds / length, box["y"] + box["height"] * EDGE_ROW


def wait_for(page, function, part):
    """Until what a function of the page returns holds this part."""
    page.wait_for_function(f"(part) => ({function})().includes(part)", arg=part, timeout=frontend.READY_MS)
