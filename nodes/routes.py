"""What the browser may ask the pack: to let a loop end after the iteration it is in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

STOP_PATH = "/audio_loop/stop_after_iteration"


def register() -> None:
    """Adds the routes to ComfyUI's server, if there is one."""
    from server import PromptServer

    server = getattr(PromptServer, "instance", None)
    if getattr(server, "routes", None) is not None:
        server.routes.post(STOP_PATH)(stop_after_iteration)


async def stop_after_iteration(request: Any) -> Any:
    """POST only, from the page itself only: another web page must not be able to end a render."""
    from aiohttp import web

    from ..loop_control.running_loops import running_loops

    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        return web.json_response({"error": "this is only for ComfyUI's own page"}, status=403)
    if request.content_type != "application/json":
        return web.json_response({"error": "send application/json"}, status=415)
    stopping = running_loops.ask_to_stop()
    if not stopping:
        return web.json_response({"error": "no loop is running"}, status=409)
    return web.json_response({"stopping": [{"node": loop.display_id, "iteration": loop.done + 1} for loop in stopping]})
