"""What the pack reads inside a ComfyUI that runs a prompt: there in this one; gone, one warning, and the render goes on."""

from __future__ import annotations

import asyncio
import logging
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.comfy_host.in_process import PromptFailed

from ...renaming import hide, renamed, renamed_module

ITERATIONS = 12
FEW = 3
"""Pictures that may be in memory when one is made."""


@pytest.fixture
def warnings(default_engine, caplog, monkeypatch):
    """`warnings()`: what the pack has missed so far, as the log says it."""
    monkeypatch.setattr(in_comfyui("comfyui_internals.contact"), "_said", {})
    caplog.set_level(logging.WARNING)

    def said():
        return [r.getMessage() for r in caplog.records if r.name.endswith("comfyui_internals.contact")]

    return said


def in_comfyui(name):
    """A module of the pack as ComfyUI has loaded it."""
    return sys.modules[f"{str(REPOSITORY).replace('.', '_x_')}.{name}"]


def missed(warnings, name):
    """The only warning that names the contact; it names this ComfyUI as well."""
    from comfyui_version import __version__

    (text,) = [each for each in warnings() if f"ComfyUI's {name} in ComfyUI {__version__}" in each]
    return text


def run_pictures(engine, graph):
    """Runs a loop over pictures; the most of them that were in memory at once."""
    engine.nodes.ALIVE.clear()
    engine.nodes.PEAKS.clear()
    flow = graph.open(ITERATIONS, graph.add("TestFrames", kind="image", first=0, count=1))
    body = graph.add("TestBig", previous=graph.previous(flow), name="body")
    graph.sink(graph.add("TestCorner", value=graph.close(flow, body, accumulate=False)))
    assert engine.start(graph.prompt).outputs["sink"]["numbers"] == [ITERATIONS]
    return max(engine.nodes.PEAKS)


def use_caches(monkeypatch, engine, **names):
    """Gives the executor a cache of its kind in which some names are others."""
    import comfy_execution.caching

    caches = engine.comfy.executor.caches
    other = renamed_module(comfy_execution.caching, **names)
    keys = other.CacheKeySetInputSignature
    outputs = other.HierarchicalCache(keys) if engine.cache == "default" else other.LRUCache(keys, max_size=100)
    monkeypatch.setattr(caches, "outputs", outputs)
    monkeypatch.setattr(caches, "all", [outputs, caches.objects])


def rename_in_executor(monkeypatch, **names):
    from execution import PromptExecutor

    monkeypatch.setattr(PromptExecutor, "execute_async", renamed(PromptExecutor.execute_async, **names))


def test_nothing_is_missed_in_this_comfyui(engine, graph, warnings):
    assert run_pictures(engine, graph) <= FEW
    assert warnings() == []


def test_an_executor_with_other_variables_keeps_the_pictures_and_the_log_says_so(default_engine, graph, warnings, monkeypatch):
    rename_in_executor(monkeypatch, execution_list="nodes_to_run")
    assert run_pictures(default_engine, graph) > FEW
    assert "may run out of memory" in missed(warnings, "outputs of finished nodes")
    assert len(warnings()) == 1


@pytest.mark.parametrize("name", ["_get_cache_for", "cache_key_set", "get_data_key", "subcaches", "cache"])
def test_a_default_cache_with_another_inside_is_missed_once_a_render(default_engine, graph, warnings, monkeypatch, name):
    use_caches(monkeypatch, default_engine, **{name: f"{name}_of_later"})
    run_pictures(default_engine, graph)
    missed(warnings, "outputs of finished nodes")
    assert len(warnings()) == 1


def test_a_flat_cache_that_does_not_tell_what_a_node_expanded_into_is_missed(engine, graph, warnings, monkeypatch):
    if engine.cache != "lru":
        return
    use_caches(monkeypatch, engine, children="offspring")
    run_pictures(engine, graph)
    missed(warnings, "outputs of finished nodes")


def test_each_render_says_it_again(default_engine, graph, warnings, monkeypatch):
    rename_in_executor(monkeypatch, execution_list="nodes_to_run")
    run_pictures(default_engine, graph)
    run_pictures(default_engine, type(graph)(graph.salt + 0.5))
    assert len(warnings()) == 2


def progress_of_later(monkeypatch, **names):
    import comfy_execution.progress
    import execution

    other = renamed_module(comfy_execution.progress, **names)
    monkeypatch.setitem(sys.modules, "comfy_execution.progress", other)
    for name in ("get_progress_state", "reset_progress_state", "add_progress_handler", "WebUIProgressHandler"):
        monkeypatch.setattr(execution, name, getattr(other, name))


def listed_at_the_end():
    from comfy_execution.progress import get_progress_state

    return vars(get_progress_state())


def test_the_nodes_of_finished_iterations_leave_the_progress_messages(default_engine, graph, warnings):
    run_pictures(default_engine, graph)
    assert len(listed_at_the_end()["nodes"]) < ITERATIONS
    assert warnings() == []


def test_a_registry_of_progress_with_another_list_is_missed_once(default_engine, graph, warnings, monkeypatch):
    progress_of_later(monkeypatch, nodes="entries")
    assert run_pictures(default_engine, graph) <= FEW
    assert len(listed_at_the_end()["entries"]) > ITERATIONS
    assert "slow" in missed(warnings, "list of nodes in its progress messages")
    assert len(warnings()) == 1


def test_without_the_executing_context_a_loop_runs_and_misses_it_once(default_engine, graph, warnings, monkeypatch):
    hide(monkeypatch, "comfy_execution.utils", "get_executing_context")
    assert run_pictures(default_engine, graph) <= FEW
    missed(warnings, "id of the running prompt")
    assert len(warnings()) == 1


def test_a_queue_with_another_method_is_missed_once(default_engine, graph, warnings, monkeypatch):
    monkeypatch.delattr(type(default_engine.comfy.browser.prompt_queue), "get_current_queue_volatile")
    assert run_pictures(default_engine, graph) <= FEW
    assert "'Stop after this iteration'" in missed(warnings, "queue")
    assert len(warnings()) == 1


def test_a_queue_with_other_entries_is_missed_once(default_engine, graph, warnings, monkeypatch):
    queue = default_engine.comfy.browser.prompt_queue
    whole = queue.get_current_queue_volatile
    monkeypatch.setattr(queue, "get_current_queue_volatile", lambda: ([{"prompt_id": item[1]} for item in whole()[0]], []))
    assert run_pictures(default_engine, graph) <= FEW
    missed(warnings, "queue")
    assert len(warnings()) == 1


def test_the_entry_of_comfyuis_own_queue_is_read(default_engine, monkeypatch):
    import execution
    from server import PromptServer

    from audio_loop.comfyui_internals.running_prompt import QueuedPrompt, running_prompt

    class Server:
        def queue_updated(self):
            pass

    server = Server()
    server.prompt_queue = execution.PromptQueue(server)
    monkeypatch.setattr(PromptServer, "instance", server, raising=False)
    server.prompt_queue.put((0, "prompt", {"1": {}}, {"client_id": "c"}, ["1"], {}))
    assert running_prompt() is None
    server.prompt_queue.get()
    assert running_prompt("prompt") == QueuedPrompt("prompt", {"1": {}}, {"client_id": "c"}, ("1",))
    assert running_prompt("another") is None


def without_server(monkeypatch, engine):
    from server import PromptServer

    take_over = engine.comfy._take_over

    def take_over_and_rename():
        take_over()
        PromptServer.singleton = PromptServer.instance
        del PromptServer.instance

    monkeypatch.setattr(engine.comfy, "_take_over", take_over_and_rename)
    monkeypatch.setattr(PromptServer, "instance", None, raising=False)


def test_without_the_server_a_loop_runs_and_misses_its_messages_once(default_engine, graph, warnings, monkeypatch):
    without_server(monkeypatch, default_engine)
    assert run_pictures(default_engine, graph) <= FEW
    assert "no words" in missed(warnings, "messages to the browser")
    missed(warnings, "queue")
    assert len(warnings()) == 2


def test_the_server_that_is_no_longer_there_gets_no_routes_and_no_listener(default_engine, warnings, monkeypatch):
    from server import PromptServer

    from audio_loop.comfyui_internals import prompt_server

    class Server:
        """As ComfyUI's, without the two."""

    monkeypatch.setattr(PromptServer, "instance", Server(), raising=False)
    prompt_server.add_routes(post={"/audio_loop/x": print}, get={})
    prompt_server.on_prompt(lambda request: request)
    assert "no effect" in missed(warnings, "web server")
    assert "replaced" in missed(warnings, "list of who is told of new prompts")
    assert len(warnings()) == 2


def run_from_a_browser(monkeypatch, engine, graph):
    """Runs pictures as from a workflow of its own; what a page that is loaded again would show."""
    queue = engine.comfy.browser.prompt_queue
    whole = queue.get_current_queue_volatile
    sent = {"extra_pnginfo": {"workflow": {"id": f"workflow {graph.salt}"}}}
    monkeypatch.setattr(queue, "get_current_queue_volatile", lambda: ([(*i[:3], sent, *i[4:]) for i in whole()[0]], []))
    run_pictures(engine, graph)
    return in_comfyui("loop_engine.shown_renders").render_states.last(f"workflow {graph.salt}").shown()


def test_what_nodes_have_shown_is_found_in_the_executor(default_engine, graph, warnings, monkeypatch):
    (message,) = run_from_a_browser(monkeypatch, default_engine, graph)
    assert (message["display_node"], message["output"]["numbers"]) == ("sink", [ITERATIONS])
    assert warnings() == []


@pytest.mark.parametrize("name", ["ui_node_outputs", "display_node"])
def test_a_record_of_what_was_shown_in_another_form_is_missed_once(default_engine, graph, warnings, monkeypatch, name):
    import execution

    if name == "ui_node_outputs":
        rename_in_executor(monkeypatch, ui_node_outputs="shown_by_node")
    else:
        monkeypatch.setattr(execution, "execute", renamed(execution.execute, display_node="shown_at"))
    assert run_from_a_browser(monkeypatch, default_engine, graph) == []
    assert "previews" in missed(warnings, "record of what nodes have shown")
    assert len(warnings()) == 1


@pytest.mark.parametrize("is_shared", [True, False])
def test_event_loops_that_cancel_nothing_are_missed_once_and_their_loops_let_go(
    default_engine, graph, warnings, monkeypatch, is_shared
):
    from execution import PromptExecutor

    shared = asyncio.new_event_loop()

    def execute(self, *arguments):
        runner = shared if is_shared else asyncio.new_event_loop()
        runner.run_until_complete(self.execute_async(*arguments))
        if not is_shared:
            runner.close()

    monkeypatch.setattr(PromptExecutor, "execute", execute)
    flow = graph.open(3, graph.frames(0))
    graph.sink(graph.close(flow, graph.add("TestFail", value=graph.previous(flow), number=graph.iteration(flow), at=2)))
    with pytest.raises(PromptFailed):
        default_engine.start(graph.prompt)
    assert warnings() == []
    known = in_comfyui("loop_engine.running_loops").running_loops._known
    (failed,) = known.values()
    run_pictures(default_engine, type(graph)(graph.salt + 0.5))
    assert "stays in memory" in missed(warnings, "event loop of each prompt")
    assert len(warnings()) == 1
    (ended,) = known.values()
    assert ended is not failed
    assert (failed.parts, failed.previous, failed.copies) == ([], None, {})
    # What the second one left, so that the next test finds nothing.
    waiting = in_comfyui("comfyui_internals.running_prompt")
    for task in list(waiting._waiting):
        waiting._end(task)
        task._log_destroy_pending = False
    for task in asyncio.all_tasks(shared):
        task.cancel()
    shared.run_until_complete(asyncio.sleep(0))
    shared.close()


def test_a_dynamic_prompt_that_says_less_is_refused_by_name(default_engine, graph, monkeypatch):
    from comfy_execution.graph import DynamicPrompt
    from comfyui_version import __version__

    monkeypatch.delattr(DynamicPrompt, "get_original_prompt")
    with pytest.raises(PromptFailed, match=rf"dynamic prompt in ComfyUI {__version__} \(no get_original_prompt\)"):
        run_pictures(default_engine, graph)
