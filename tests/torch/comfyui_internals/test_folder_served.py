"""A pack's folder under names that ComfyUI's web server, or its page, loses."""

from __future__ import annotations

import asyncio
import urllib.parse

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.comfyui_internals import folder_served

SAFE = st.text(st.sampled_from("abcXYZ019_-!$&'()*+,;=@~"), min_size=1)


def route_of(kind, folder):
    (path,) = [path for each, path in folder_served.needed(folder) if each == kind]
    return path


def answers(path, addresses, answer):
    """The status and text of each address, as a server gives it that has one route alone."""

    async def asked():
        application = web.Application()
        application.router.add_get(path, answer)
        async with TestClient(TestServer(application)) as client:
            got = [await client.get(urllib.parse.quote(address, safe="/%")) for address in addresses]
            return [(each.status, await each.text()) for each in got]

    return asyncio.run(asked())


async def said(request):
    return web.Response(text=request.match_info["path"])


@pytest.mark.parametrize("folder", ["Audio Loop v0.1 (x)", "lied [neu]", "Müsik", "音乐", "a{b}c", "no{1,2}", "a|b"])
def test_a_name_that_is_lost_gets_routes_that_find_it_and_no_other(folder):
    path = route_of("pages", folder)
    addresses = [f"/extensions/{folder}/docs/Node.md", f"/extensions/{folder}x/docs/Node.md", "/extensions/other/docs/Node.md"]
    assert answers(path, addresses, said) == [(200, "docs/Node.md"), *[(404, "404: Not Found")] * 2]


@given(SAFE)
def test_a_name_of_letters_that_addresses_have_needs_none(folder):
    assert list(folder_served.needed(folder)) == []


@pytest.mark.parametrize(("folder", "before"), [("audio-loop-0.1", "audio-loop-0"), ("audio-loop.main.2", "audio-loop")])
def test_behind_a_dot_only_the_help_is_lost(folder, before):
    ((kind, path),) = folder_served.needed(folder)
    assert kind == "docs"
    addresses = [f"/extensions/{before}/docs/Node/en.md", f"/extensions/{before}/audio_loop.js"]
    assert answers(path, addresses, said) == [(200, "Node/en.md"), (404, "404: Not Found")]


def test_a_hidden_folder_has_no_part_before_its_dot():
    assert list(folder_served.needed(".hidden")) == []


@settings(max_examples=25, deadline=None)
@given(
    st.text(st.characters(exclude_characters="/\\.#?%", exclude_categories=["C"]), min_size=1, max_size=12).map(
        lambda t: f"{t} "
    )
)
def test_any_name_is_found(folder):
    assert answers(route_of("templates", folder), [f"/workflow_templates/{folder}/a.json"], said) == [(200, "a.json")]


def test_files_of_the_folder_are_given_and_none_above_it(tmp_path, monkeypatch):
    pack = tmp_path / "Audio Loop"
    (pack / "web" / "docs").mkdir(parents=True)
    (pack / "web" / "page.js").write_text("export {};")
    (pack / "secret.txt").write_text("no")
    added = {}
    monkeypatch.setattr(folder_served, "add_routes", lambda post, get: added.update(get))
    folder_served.serve(pack, pages="web", templates="example_workflows")
    path = route_of("pages", pack.name)
    start = "/extensions/Audio Loop"
    addresses = [
        f"{start}/page.js",
        f"{start}/docs",
        f"{start}/none.js",
        f"{start}/..%2Fsecret.txt",
        f"{start}/docs/..%2F..%2Fsecret.txt",
    ]
    found = answers(path, addresses, added[path])
    assert found[0] == (200, "export {};")
    assert [status for status, _ in found[1:]] == [404] * 4
