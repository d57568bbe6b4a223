"""An output file that is fetched: whole under its name, or not there."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import pytest
from aiohttp import web

from audio_loop.comfy_host.client import ComfyClient
from audio_loop.comfy_host.errors import ServerError
from audio_loop.comfy_host.prompt_result import OutputFile

CONTENT = bytes(range(256)) * 8192


@contextmanager
def server(sent_bytes):
    """Answers as ComfyUI does; the connection is cut once so many bytes of a file are sent."""

    async def view(request):
        response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await response.prepare(request)
        await response.write(CONTENT[:sent_bytes])
        if sent_bytes < len(CONTENT):
            request.transport.close()
        return response

    async def socket(request):
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        async for _message in answer:
            pass
        return answer

    async def serve():
        application = web.Application()
        application.add_routes([web.get("/ws", socket), web.get("/view", view)])
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return runner, site._server.sockets[0].getsockname()[1]

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner, port = asyncio.run_coroutine_threadsafe(serve(), loop).result()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def fetch(url, target):
    with ComfyClient(url) as client:
        return client.fetch(OutputFile("1", "video.mp4", "", "output"), target)


def test_a_whole_file_comes_under_its_name(tmp_path):
    with server(len(CONTENT)) as url:
        fetch(url, tmp_path / "video.mp4")
    assert (tmp_path / "video.mp4").read_bytes() == CONTENT
    assert len(list(tmp_path.iterdir())) == 1


def test_a_lost_connection_leaves_nothing(tmp_path):
    with server(len(CONTENT) // 2) as url, pytest.raises(ServerError, match=r"video\.mp4"):
        fetch(url, tmp_path / "video.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(tmp_path):
    (tmp_path / "video.mp4").write_bytes(b"mine")
    with server(len(CONTENT)) as url, pytest.raises(FileExistsError):
        fetch(url, tmp_path / "video.mp4")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"mine"]
