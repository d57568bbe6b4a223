"""Routes by which a page learns what the doctor found in the newest video of a song, and shows his report.

They change nothing, and give out nothing but diagnoses inside ComfyUI's output folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FINDINGS_PATH = "/audio_loop/doctor/findings"
REPORT_PATH = "/audio_loop/doctor/report"

LONGEST_QUERY = 4096
MOST_WAITING = 16
"""Requests that read or wait at a time."""

REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A report is a picture of numbers: no script of it runs, and nothing is fetched."""
_HEAD = f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{REPORT_POLICY}">\n'
"""In front of every report: some modes of ComfyUI put a policy of their own in place of the header."""

_at_once = asyncio.Semaphore(2)
_waiting = asyncio.Semaphore(MOST_WAITING)


def register() -> None:
    """Adds the routes to ComfyUI's server."""
    from ..comfyui_internals.prompt_server import add_routes

    add_routes(get={FINDINGS_PATH: findings, REPORT_PATH: report}, post={})


async def findings(request: Any) -> Any:
    """The diagnosis in `?data=NAME`, else the newest one of `?song=NAME` in `&folder=F` (may be repeated): `{"found": {...}}`.

    `found` is null if there is none of the song. Names are below ComfyUI's output folder; see `doctor.findings.shown`.
    """
    from aiohttp import web

    from ..doctor.findings import findings_of, newest_findings

    def read(output: Path, query: Any) -> dict[str, Any] | None:
        if "data" in query:
            return findings_of(output, query["data"])
        return newest_findings(output, query.getall("folder", [""]), query.get("song", ""))

    answer = await _read(request, read)
    return answer if isinstance(answer, web.Response) else web.json_response({"found": answer}, headers=_FRESH)


async def report(request: Any) -> Any:
    """The report `?name=NAME` as a page of its own: ComfyUI's /view would offer HTML as a download."""
    from aiohttp import web

    from ..doctor.findings import report_of

    answer = await _read(request, lambda output, query: report_of(output, query.get("name", "")))
    if isinstance(answer, web.Response):
        return answer
    safe = {"Content-Security-Policy": f"{REPORT_POLICY}; sandbox allow-popups", "X-Content-Type-Options": "nosniff", **_FRESH}
    return web.Response(body=_HEAD.encode() + answer, content_type="text/html", charset="utf-8", headers=safe)


_FRESH: Mapping[str, str] = {"Cache-Control": "no-cache"}


async def _read(request: Any, reader: Any) -> Any:
    """The answer of a function of the output folder and the query, in another thread; a response if it is refused."""
    import folder_paths
    from aiohttp import web

    from ..doctor.findings import NoDiagnosisError

    if len(request.query_string) > LONGEST_QUERY:
        return web.json_response({"error": f"the query has more than {LONGEST_QUERY} characters"}, status=414)
    if _waiting.locked():
        busy = {"error": "too many requests at once; ask again in a second"}
        return web.json_response(busy, status=429, headers={"Retry-After": "1"})
    async with _waiting, _at_once:
        try:
            return await asyncio.to_thread(reader, Path(folder_paths.get_output_directory()), request.query)
        except NoDiagnosisError as error:
            return web.json_response({"error": str(error)}, status=404)
