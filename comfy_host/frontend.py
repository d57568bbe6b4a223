"""ComfyUI's real frontend in a browser without a window: shows it a workflow and asks what Run would send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READY_MS = 60_000
# A first visit opens the Templates browser over the graph, and the first app a tour of App mode.
SETTINGS = {"Comfy.TutorialCompleted": True, "Comfy.OnboardingCoachmarks.Seen": ["appMode"]}
EMPTY_GRAPH = {"last_node_id": 0, "last_link_id": 0, "nodes": [], "links": [], "version": 0.4}
# The default graph names models that nobody has here; the frontend loads it some time after the graph exists.
DEFAULT_GRAPH_IS_SHOWN = "() => window.app && window.app.graph && window.app.graph.nodes.length > 0"
# What covers the page is called differently from release to release; if no name fits, it stays and does no harm.
SHOW_GRAPH = """async (graph) => {
    await window.app.loadGraphData(graph);
    const toast = window.app.extensionManager.toast;
    for (const name of ["removeAll", "dismissAll"]) if (typeof toast[name] === "function") toast[name]();
}"""
NODES_2 = "Comfy.VueNodes.Enabled"
SENT_BY_RUN = "async () => (await window.app.graphToPrompt()).output"


def write_settings(base: Path) -> None:
    """Settings of a user who has been there before, for a server that has not been started in `base` yet."""
    settings = base / "user" / "default" / "comfy.settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        EnvironmentSetupError: There is none and it could not be installed.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = chromium.ensure_chromium()
        running = playwright.chromium.launch(executable_path=str(program), args=list(chromium.FLAGS))
        try:
            yield running
        finally:
            running.close()


def show_empty_graph(page: Page, url: str, nodes_2: bool = False) -> None:
    """Opens the frontend at `url` and empties it of the graph that a first visit shows.

    Args:
        page: Of a new profile.
        url: Of the server; its settings keep the choice of the renderer.
        nodes_2: Nodes are drawn as page elements (*Nodes 2.0*), not on the canvas.
    """
    page.request.post(f"{url}/api/settings/{NODES_2}", data=json.dumps(nodes_2)).dispose()
    page.goto(url)
    page.wait_for_function(DEFAULT_GRAPH_IS_SHOWN, timeout=READY_MS)
    page.wait_for_load_state("networkidle", timeout=READY_MS)
    show(page, EMPTY_GRAPH)


def show(page: Page, workflow: Mapping[str, Any]) -> None:
    """Loads a workflow as *Open* would."""
    page.evaluate(SHOW_GRAPH, workflow)


def sent_by_run(page: Page) -> dict[str, Any]:
    """The API prompt that *Run* would queue for the graph that is shown."""
    return page.evaluate(SENT_BY_RUN)


def executed(prompt: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an API prompt that ComfyUI executes: class and inputs of every node, without titles and versions of packs.

    These (`_meta`) are the frontend's own: what it writes there changes from release to release, and with the language.
    """
    return {node_id: {key: node[key] for key in node if key != "_meta"} for node_id, node in prompt.items()}
