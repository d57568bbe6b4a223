"""Each private symbol of ComfyUI's executor and server, taken out of the real one for the pack alone."""

from __future__ import annotations

import logging
import queue
from types import SimpleNamespace

import pytest

from audio_loop.comfyui_internals import contact, prompt_server, running_prompt
from audio_loop.compatibility.contacts import fallbacks_of
from audio_loop.compatibility.page import PACK

from ...hidden_symbols import hidden_by
from ...renaming import hide_place
from .test_internals_of_a_render import FEW, in_comfyui, rename_in_executor, run_pictures

LOSSES = {name: fallback.loss for name, fallback in fallbacks_of(PACK).items()}


@pytest.fixture(autouse=True)
def said(default_engine, caplog, monkeypatch):
    """`said()`: what was missed since the test began, by the pack in ComfyUI and by the one of the tests."""
    for each in (contact, in_comfyui("comfyui_internals.contact")):
        monkeypatch.setattr(each, "_said", {})
    caplog.set_level(logging.WARNING)
    return lambda: [r.getMessage() for r in caplog.records if r.name.endswith("comfyui_internals.contact")]


def is_said_once(said, name):
    (text,) = said()
    return text.endswith(LOSSES[name])


def with_its_cache(places):
    """Each place with the kind of cache that has it."""
    return [("lru" if ":LRUCache." in place else "default", place) for place in places]


@pytest.mark.parametrize(
    ("engine", "place"),
    with_its_cache(hidden_by("test_a_part_of_the_executor_that_is_gone_is_missed_once")),
    indirect=["engine"],
)
def test_a_part_of_the_executor_that_is_gone_is_missed_once(engine, graph, said, monkeypatch, place):
    assert run_pictures(engine, graph) <= FEW
    assert said() == []
    path, _, variable = place.partition("/")
    if variable:
        rename_in_executor(monkeypatch, **{variable: f"{variable}_of_later"})
    else:
        hide_place(monkeypatch, path)
    run_pictures(engine, type(graph)(graph.salt + 0.5))
    assert is_said_once(said, "NODE_OUTPUTS")


@pytest.mark.parametrize("place", hidden_by("test_the_id_of_the_render_that_is_gone_is_missed_once"))
def test_the_id_of_the_render_that_is_gone_is_missed_once(default_engine, graph, said, monkeypatch, place):
    hide_place(monkeypatch, place)
    assert run_pictures(default_engine, graph) <= FEW
    assert is_said_once(said, "PROMPT_ID")


@pytest.fixture
def server(monkeypatch):
    """ComfyUI's server as far as it is there before it listens."""
    import execution
    from aiohttp import web
    from server import PromptServer

    made = object.__new__(PromptServer)
    made.routes, made.client_id, made.on_prompt_handlers = web.RouteTableDef(), "browser", []
    made.loop, made.messages = SimpleNamespace(call_soon_threadsafe=lambda call, *given: call(*given)), queue.Queue()
    made.prompt_queue = execution.PromptQueue(made)
    monkeypatch.setattr(PromptServer, "instance", made, raising=False)
    return made


def hide_of_server(monkeypatch, place):
    if place == "server:PromptServer.instance":
        monkeypatch.delattr("server.PromptServer.instance")
    else:
        hide_place(monkeypatch, place)


@pytest.mark.parametrize("place", hidden_by("test_routes_that_cannot_be_added"))
def test_routes_that_cannot_be_added(server, said, monkeypatch, place):
    prompt_server.add_routes(post={"/here": print}, get={})
    hide_of_server(monkeypatch, place)
    for _ in range(2):
        prompt_server.add_routes(post={"/gone": print}, get={})
    assert [route.path for route in server.routes] == ["/here"]
    assert is_said_once(said, "ROUTES")


@pytest.mark.parametrize("place", hidden_by("test_messages_that_cannot_be_sent"))
def test_messages_that_cannot_be_sent(server, said, monkeypatch, place):
    prompt_server.send("here", {"a": 1})
    assert server.messages.get_nowait() == ("here", {"a": 1}, "browser")
    hide_of_server(monkeypatch, place)
    for _ in range(2):
        prompt_server.send("gone", {})
    assert server.messages.empty()
    assert is_said_once(said, "MESSAGES")


@pytest.mark.parametrize("place", hidden_by("test_prompts_that_are_not_shown"))
def test_prompts_that_are_not_shown(server, said, monkeypatch, place):
    prompt_server.on_prompt(print)
    hide_of_server(monkeypatch, place)
    for _ in range(2):
        prompt_server.on_prompt(repr)
    assert server.on_prompt_handlers == [print]
    assert is_said_once(said, "PROMPTS")


@pytest.mark.parametrize("place", hidden_by("test_a_queue_that_does_not_tell"))
def test_a_queue_that_does_not_tell(server, said, monkeypatch, place):
    server.prompt_queue.put((0, "over", {"1": {}}, {}, ["1"], {}))
    _, item_id = server.prompt_queue.get()
    server.prompt_queue.task_done(item_id, {}, None)
    expected = running_prompt.QueuedPrompt("over", {"1": {}}, {}, ("1",))
    assert running_prompt.queued_prompt("over") == expected
    assert said() == []
    hide_of_server(monkeypatch, place)
    is_history = place.endswith("get_current_queue_volatile")  # what is over is still told
    for _ in range(2):
        assert running_prompt.queued_prompt("over") == (expected if is_history else None)
    assert is_said_once(said, "QUEUE")
