"""Routes by which the browser asks the pack to let a render end after the window it is at, and for what it has shown so far."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..comfyui_internals.running_prompt import QueuedPrompt

STOP_PATH = "/audio_loop/stop_after_iteration"
STATE_PATH = "/audio_loop/state"
RUNS_PATH = "/audio_loop/runs"
WINDOWS_PATH = "/audio_loop/runs/windows"
PICTURE_PATH = "/audio_loop/runs/picture"


def register() -> None:
    """Adds the routes to ComfyUI's server."""
    from ..comfyui_internals.prompt_server import add_routes
    from . import preflight_route

    shown = {STATE_PATH: state, RUNS_PATH: runs, WINDOWS_PATH: run_windows, PICTURE_PATH: take_picture}
    add_routes(post={STOP_PATH: stop_after_iteration, preflight_route.PATH: preflight_route.preflight}, get=shown)


async def stop_after_iteration(request: Any) -> Any:
    """Lets the render that runs end after the window it is at; 409 if it has no loop that could.

    Whose pages may ask is for ComfyUI's own check of the request's origin, which knows about proxies and
    `--enable-cors-header`. A form on another page cannot send JSON, so it does not get this far either.
    """
    from aiohttp import web

    from ..comfyui_internals.running_prompt import running_prompt

    if request.content_type != "application/json":
        return web.json_response({"error": "send application/json"}, status=415)
    running = running_prompt()
    stopping = _stopping(running) if running is not None else []
    if not stopping:
        return web.json_response({"error": "no loop is running"}, status=409)
    return web.json_response({"stopping": stopping})


async def state(request: Any) -> Any:
    """The record of the last render of `?workflow=ID`: `{"running", "prompt_id", "words": {node: text}, "outputs": [...],
    "progress"}`.

    Each of `outputs` is a message as ComfyUI sends it when a node was executed. With `?prompt=ID` the workflow that a render
    was queued from, running or over: `{"workflow": ID}`, "" if it is not known. Changes nothing.
    """
    from aiohttp import web

    from ..comfyui_internals.running_prompt import queued_prompt, running_prompt
    from ..loop_engine.shown_renders import render_states, workflow_id_of

    if "prompt" in request.query:
        queued = queued_prompt(request.query["prompt"])
        return web.json_response({"workflow": "" if queued is None else workflow_id_of(queued.extra_data)})
    render = render_states.last(request.query.get("workflow", ""))
    if render is None:
        return web.json_response({"running": False, "prompt_id": "", "words": {}, "outputs": [], "progress": None})
    running = running_prompt(render.prompt_id) is not None
    shown = {"words": dict(render.words), "outputs": render.shown(), "progress": render.progress if running else None}
    return web.json_response({"running": running, "prompt_id": render.prompt_id, **shown})


async def runs(_request: Any) -> Any:
    """The runs on disk, the one that was changed last first: `{"runs": [...]}`."""
    from ..checkpoints.service.runs_shown import shown_runs

    return await _read(shown_runs)


async def run_windows(request: Any) -> Any:
    """The windows and takes of `?run=NAME`, "" for the run that was changed last: `{"run": {...}, "windows": [...]}`."""
    from ..checkpoints.service.runs_shown import shown_windows

    return await _read(shown_windows, request.query.get("run", ""))


async def take_picture(request: Any) -> Any:
    """A small PNG of `?run=NAME&window=K&take=ID`."""
    from aiohttp import web

    window = request.query.get("window", "")
    if not (window.isascii() and window.isdigit() and len(window) <= 6):
        return web.json_response({"error": f"window is {window[:20]!r}; a number from 0 on is needed"}, status=400)
    name, take = request.query.get("run", ""), request.query.get("take", "")
    return await _read(_picture_of_take, name, int(window), take)


@functools.lru_cache(maxsize=256)
def _picture_of_take(name: str, index: int, take_id: str) -> bytes:
    # A take never changes, so its picture does not either.
    from ..checkpoints.service.runs_shown import latent_of_take
    from ..video.preview import preview_png

    return preview_png(latent_of_take(name, index, take_id))


async def _read(answer: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of a function that reads the disk, in another thread; 404 if the run or take that it looks for is missing."""
    import asyncio

    from aiohttp import web

    from ..checkpoints.errors import CheckpointError
    from ..checkpoints.service.runs_shown import NotOnDiskError
    from ..files.names import UnsafeNameError

    # Disks and tensors are not for the thread that answers everybody.
    try:
        given = await asyncio.to_thread(answer, *arguments)
    except (NotOnDiskError, CheckpointError, UnsafeNameError) as error:
        return web.json_response({"error": str(error)}, status=404)
    if isinstance(given, bytes):
        return web.Response(body=given, content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
    return web.json_response(given)


def _stopping(running: QueuedPrompt) -> list[dict[str, Any]]:
    """The loops of a render that will end early: their open node, and their last iteration; 0 is the initial window."""
    from ..loop_engine.running_loops import running_loops

    known = running_loops.known(running.prompt_id)
    to_come = _still_to_come(running.prompt, {loop.close_id for loop in known})
    if not to_come and all(loop.ended for loop in known):
        # Who is told that nothing will stop must not find the render stopped by a loop that begins a moment later.
        return []
    asked = running_loops.ask_to_stop(running.prompt_id)
    stopping = [{"node": loop.display_id, "iteration": loop.done + 1 if loop.begun else 0} for loop in asked]
    return stopping + [{"node": open_id, "iteration": 0} for open_id in to_come]


def _still_to_come(prompt: Mapping[str, Any], known: set[str]) -> list[str]:
    """Open nodes of loops whose close node waits for its settings from other nodes, so that it has not run yet."""
    from ..loop_engine.body import CLOSE_CLASS, open_loops_around
    from ..loop_engine.prompt_links import as_link, links_of

    found = []
    graph = _Prompt(prompt)
    for node_id, node in prompt.items():
        if node["class_type"] != CLOSE_CLASS or node_id in known:
            continue
        flow = as_link(node["inputs"].get("flow_control"))
        waits = any(name == "accumulate" or name.startswith("overlap") for name, _ in links_of(node))
        if flow is not None and waits and not open_loops_around(graph, node_id):
            found.append(flow[0])
    return found


class _Prompt(dict[str, Any]):
    """A queued prompt as a graph."""

    def get_node(self, node_id: str) -> dict[str, Any]:
        return self[node_id]
