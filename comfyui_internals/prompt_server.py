"""ComfyUI's web server: messages to the browser, routes, and prompts as they arrive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .contact import Contact

MESSAGES = Contact("messages to the browser", "nodes show no words of a running render")
ROUTES = Contact(
    "web server", "'Stop after this iteration' has no effect, and a page that is loaded again shows nothing of the last render"
)
PROMPTS = Contact(
    "list of who is told of new prompts",
    "a file that is replaced while ComfyUI runs is noticed only if it was used before; restart ComfyUI after replacing one",
)


def send(event: str, detail: Mapping[str, Any]) -> None:
    """Sends a message to the browser that queued the running prompt."""
    try:
        server = _server()
        server.send_sync(event, detail, server.client_id)
    except (ImportError, AttributeError, TypeError) as error:
        MESSAGES.is_gone(error)


def add_routes(post: Mapping[str, Any], get: Mapping[str, Any]) -> None:
    """Adds handlers of `aiohttp` requests by path."""
    try:
        routes = _server().routes
        for path, handler in post.items():
            routes.post(path)(handler)
        for path, handler in get.items():
            routes.get(path)(handler)
    except (ImportError, AttributeError, TypeError) as error:
        ROUTES.is_gone(error)


def on_prompt(handler: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Has every prompt shown to a handler before it runs; the handler returns it."""
    try:
        _server().add_on_prompt_handler(handler)
    except (ImportError, AttributeError, TypeError) as error:
        PROMPTS.is_gone(error)


def _server() -> Any:
    from server import PromptServer

    return PromptServer.instance
