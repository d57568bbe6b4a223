"""Routes by which finished windows go from one ComfyUI to another, for renders that several of them share."""

from __future__ import annotations

from typing import Any

FILES_PATH = "/audio_loop/runs/files"
FILE_PATH = "/audio_loop/runs/file"


def register() -> None:
    """Adds the routes to ComfyUI's server."""
    from ..comfyui_internals.prompt_server import add_routes

    add_routes(post={FILE_PATH: take_in}, get={FILES_PATH: files, FILE_PATH: file})


async def files(request: Any) -> Any:
    """The segment files of `?run=NAME`: `{"files": [{"name", "window", "hash"}]}`."""
    from ..checkpoints.service.travelling_windows import windows_of

    async def answer() -> Any:
        import asyncio

        from aiohttp import web

        found = await asyncio.to_thread(windows_of, request.query.get("run", ""))
        return web.json_response({"files": [each.to_json() for each in found]})

    return await _answered(answer)


async def file(request: Any) -> Any:
    """The bytes of `?run=NAME&name=FILE`."""
    from ..checkpoints.service.travelling_windows import window_file

    async def answer() -> Any:
        import asyncio

        from aiohttp import web

        run, name = request.query.get("run", ""), request.query.get("name", "")
        return web.Response(body=await asyncio.to_thread(window_file, run, name))

    return await _answered(answer)


async def take_in(request: Any) -> Any:
    """Puts the body, a segment file, into `?run=NAME` as `&name=FILE`; nothing is overwritten.

    Whose pages may ask is for ComfyUI's own check of the request's origin. A form on another page cannot send this type.
    """
    from ..checkpoints.service import travelling_windows

    async def answer() -> Any:
        import asyncio

        from aiohttp import web

        if request.content_type != "application/octet-stream":
            return web.json_response({"error": "send application/octet-stream"}, status=415)
        run, name = request.query.get("run", ""), request.query.get("name", "")
        await asyncio.to_thread(travelling_windows.take_in, run, name, await request.read())
        return web.json_response({"taken": name})

    return await _answered(answer)


async def _answered(answer: Any) -> Any:
    """An answer, or what is wrong with the question: 404 for what is not there, 400 for what may not be taken in."""
    from aiohttp import web

    from ..checkpoints.errors import CheckpointError
    from ..checkpoints.service.travelling_windows import NoSuchWindowError
    from ..files.names import UnsafeNameError

    try:
        return await answer()
    except (NoSuchWindowError, UnsafeNameError) as error:
        return web.json_response({"error": str(error)}, status=404)
    except CheckpointError as error:
        return web.json_response({"error": str(error)}, status=400)
