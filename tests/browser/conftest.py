"""The real frontend of a real ComfyUI in a real Chromium.

`page` shows the frontend, its graph ready; `console_errors` lists what the page complained about. A browser, a server or
a frontend that cannot be had is an error, never a skip.

A test that uses `page` or `comfy` runs once for each combination of a frontend (`pinned` by this ComfyUI, `newest` of the
package index) and a renderer (classic `canvas`, `nodes2`): by default two that hold each of these once, else those named by
`@pytest.mark.shown_in("newest canvas", ...)`, or `@pytest.mark.shown_in("all")`. `frontend_release` and `renderer` say which.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TIER = "browser"
if TIER not in os.environ.get("AUDIO_LOOP_TIERS", TIER).split(","):
    collect_ignore_glob = ["*"]

from audio_loop.comfy_host import frontend  # noqa: E402
from audio_loop.comfy_host.frontend_release import newest_frontend  # noqa: E402
from audio_loop.comfy_host.session import ComfySession  # noqa: E402
from audio_loop.demo.launch import make_tiny_models, tiny_server  # noqa: E402

from .pictures import SCALE, Pictures  # noqa: E402

READY_MS = frontend.READY_MS
# ComfyUI's own templates are left out of the test environment, and a new user has no files of his own. The frontend asks
# the hub how large missing models are, those of the first graph too; the answer comes some time later.
NOT_INSTALLED = (
    *("/templates/index", "core workflow templates", "user.css", "/api/userdata"),
    *("huggingface.co", "Content Security Policy"),
)


PINNED, NEWEST, CANVAS, NODES_2 = "pinned", "newest", "canvas", "nodes2"
COMBINATIONS = {f"{release} {drawn}": (release, drawn) for release in (PINNED, NEWEST) for drawn in (CANVAS, NODES_2)}
DEFAULT = ("pinned canvas", "newest nodes2")


def pytest_generate_tests(metafunc):
    """One run for each combination that the test asks for; grouped by frontend, because each needs a server."""
    if "frontend_release" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("shown_in")
    names = mark.args if mark else DEFAULT
    chosen = COMBINATIONS if names == ("all",) else {name: COMBINATIONS[name] for name in names}
    if "page" in metafunc.fixturenames:
        runs = [pytest.param(*each, id=name, marks=_together(each[0])) for name, each in chosen.items()]
        metafunc.parametrize(("frontend_release", "renderer"), runs, indirect=True, scope="session")
    else:
        releases = dict.fromkeys(release for release, _ in chosen.values())
        runs = [pytest.param(release, id=release, marks=_together(release)) for release in releases]
        metafunc.parametrize("frontend_release", runs, indirect=True, scope="session")


def _together(release):
    """Keeps the tests of one frontend on one worker: they share a server and a browser."""
    return pytest.mark.xdist_group(release)


@pytest.fixture(scope="session")
def frontend_release(request):
    """`pinned` or `newest`."""
    return request.param


@pytest.fixture
def renderer(request):
    """`canvas` or `nodes2`."""
    return request.param


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory):
    """The folder of the tiny model, for all servers."""
    models = tmp_path_factory.mktemp("models")
    make_tiny_models(models)
    return models


@pytest.fixture(scope="session")
def comfy(tmp_path_factory, frontend_release, tiny_models):
    """A server for the frontend, with pack, stand-ins and the tiny model."""
    base = tmp_path_factory.mktemp("comfyui")
    frontend.write_settings(base)
    arguments = ("--front-end-root", str(newest_frontend())) if frontend_release == NEWEST else ()
    with ComfySession(tiny_server(base, tiny_models, arguments)) as session:
        yield session


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    with frontend.browser() as running:
        yield running


@pytest.fixture
def console_errors():
    """Errors and exceptions that the page reported since it showed its empty graph, as texts."""
    return []


@pytest.fixture
def language():
    """What the browser asks for, which the frontend takes at first; a module with another has a fixture of this name."""
    return "en-US"


@pytest.fixture
def page(browser, comfy, renderer, language, console_errors):
    """The frontend in a new profile with an empty graph; a picture of it is kept if the test fails."""
    size = {"width": 1600, "height": 1000}
    context = browser.new_context(viewport=size, device_scale_factor=SCALE, locale=language)
    opened = context.new_page()
    opened.on("console", lambda message: console_errors.extend(_complaint(message)))
    opened.on("pageerror", lambda error: console_errors.append(str(error)))
    frontend.show_empty_graph(opened, comfy.url, nodes_2=renderer == NODES_2)
    console_errors.clear()
    yield opened
    context.close()


def _complaint(message):
    """The message as a one-item list, or nothing if it is no error or about something that this ComfyUI lacks."""
    text = f"{message.text} ({message.location.get('url', '')})"
    return [text] if message.type == "error" and not any(part in text for part in NOT_INSTALLED) else []


@pytest.fixture
def pictures(page, frontend_release, renderer, tmp_path):
    """Keeps pictures of the page."""
    return Pictures.of(page, f"{frontend_release} {renderer}", tmp_path)


@pytest.fixture
def open_template(page):
    """`open_template("name")`: picks the workflow of that name in the Templates browser, as a user would."""

    def pick(name: str) -> None:
        page.evaluate("window.app.extensionManager.command.execute('Comfy.BrowseTemplates')")
        page.get_by_role("dialog").get_by_text(name, exact=True).first.click(timeout=READY_MS)
        page.get_by_role("dialog").wait_for(state="hidden", timeout=READY_MS)
        page.wait_for_function("() => window.app.graph.nodes.length > 0", timeout=READY_MS)

    return pick


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds a picture of the page and the end of the server's log to a failure."""
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    arguments = getattr(item, "funcargs", {})
    if "page" in arguments:
        folder = Path(os.environ.get("AUDIO_LOOP_TEST_OUTPUT", item.config.rootpath / "output" / "browser"))
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{item.name}.png"
        arguments["page"].screenshot(path=str(picture))
        report.sections.append(("page", f"{picture}\n" + "\n".join(arguments["console_errors"])))
    if isinstance(arguments.get("comfy"), ComfySession):
        report.sections.append(("ComfyUI log", arguments["comfy"].server.log_tail()))
