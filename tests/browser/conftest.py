"""The real frontend of a real ComfyUI in a real Chromium.

`page` shows the frontend, its graph ready; `console_errors` lists what the page complained about. A browser or a server
that cannot start is an error, never a skip.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TIER = "browser"
if TIER not in os.environ.get("AUDIO_LOOP_TIERS", TIER).split(","):
    collect_ignore_glob = ["*"]

from audio_loop.comfy_host import frontend  # noqa: E402
from audio_loop.comfy_host.launch import make_tiny_models, tiny_server  # noqa: E402
from audio_loop.comfy_host.session import ComfySession  # noqa: E402

READY_MS = frontend.READY_MS
# ComfyUI's own templates are left out of the test environment, and a new user has no files of his own.
NOT_INSTALLED = ("/templates/index", "core workflow templates", "user.css", "/api/userdata")


@pytest.fixture(scope="session")
def comfy(tmp_path_factory):
    """A server for the frontend, with pack, stand-ins and the tiny model."""
    models = tmp_path_factory.mktemp("models")
    make_tiny_models(models)
    base = tmp_path_factory.mktemp("comfyui")
    frontend.write_settings(base)
    with ComfySession(tiny_server(base, models)) as session:
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
def page(browser, comfy, console_errors):
    """The frontend in a new profile with an empty graph; a picture of it is kept where the test fails."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    opened = context.new_page()
    opened.on("console", lambda message: console_errors.extend(_complaint(message)))
    opened.on("pageerror", lambda error: console_errors.append(str(error)))
    frontend.show_empty_graph(opened, comfy.url)
    console_errors.clear()
    yield opened
    context.close()


def _complaint(message):
    """The message as a one-item list, or nothing where it is no error or about something that this ComfyUI lacks."""
    text = f"{message.text} ({message.location.get('url', '')})"
    return [text] if message.type == "error" and not any(part in text for part in NOT_INSTALLED) else []


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
