"""Folders of node packs whose pages ComfyUI's web server or page does not find, and routes that find them.

The server compares a folder's name as it stands in an address with the name as it is read from one, so a name with a space
never matches. The page takes the part before the first dot of a folder's name for the whole, when it looks for a node's help.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .prompt_server import add_routes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

SERVED = "!$&'()*+,;=:@~"
"""Beside letters, digits and `_.-`: what stays as it is in an address."""


def serve(pack: Path, pages: str, templates: str) -> None:
    """Adds the routes that the name of a pack's folder needs; none for a name without a dot and with letters of an address.

    Args:
        pack: The pack's folder, by the name that ComfyUI knows it by.
        pages: The folder of its scripts and help pages, in it.
        templates: The folder of its workflows, in it.
    """
    folders = {"pages": pack / pages, "docs": pack / pages / "docs", "templates": pack / templates}
    add_routes(post={}, get={path: _files_of(folders[kind]) for kind, path in needed(pack.name)})


def needed(folder: str) -> Iterator[tuple[str, str]]:
    """The kinds of files ("pages", "docs", "templates") that are lost in a folder by that name, each with its route's path."""
    if urllib.parse.quote(folder, safe=SERVED) != folder:
        yield "pages", f"/extensions/{_named(folder)}/{{path:.+}}"
        yield "templates", f"/workflow_templates/{_named(folder)}/{{path:.+}}"
    before, dot, _ = folder.partition(".")
    if before and dot:
        yield "docs", f"/extensions/{_named(before)}/docs/{{path:.+}}"


def _named(folder: str) -> str:
    """A part of a route's path that matches this name alone; braces would end it."""
    pattern = re.escape(folder.replace("%", "%25")).replace(r"\{", r"\x7b").replace(r"\}", r"\x7d")
    return f"{{folder:{pattern}}}"


def _files_of(folder: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        path = (folder / request.match_info["path"]).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    return answer
