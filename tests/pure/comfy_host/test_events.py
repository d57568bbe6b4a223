"""Messages of ComfyUI's WebSocket become typed events."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audio_loop.comfy_host.errors import ComfyError, PromptInterruptedError
from audio_loop.comfy_host.events import (
    Cached,
    EventReader,
    Executed,
    Executing,
    Failed,
    Finished,
    Progress,
    Started,
    refusal,
)


def read(kind, **data):
    return list(EventReader().read(kind, data))


def state(value, maximum=8, status="running", display="4"):
    return {"value": value, "max": maximum, "state": status, "display_node_id": display}


def test_each_message_is_one_event():
    assert read("execution_start", prompt_id="p") == [Started()]
    assert read("execution_cached", nodes=["1", "2"]) == [Cached(("1", "2"))]
    assert read("executing", node="4.0.7", display_node="4") == [Executing("4.0.7", "4")]
    assert read("executing", node="7") == [Executing("7", "7")]
    assert read("executing", node=None) == [Finished()]
    assert read("executed", node="7", display_node=None, output={"text": ["x"]}) == [Executed("7", "7", {"text": ["x"]})]
    assert read("status", status={}) == []


def test_only_progress_that_changed_is_an_event():
    reader = EventReader()
    first = list(reader.read("progress_state", {"nodes": {"a": state(1), "b": state(0)}}))
    assert first == [Progress("a", "4", 1, 8, "running"), Progress("b", "4", 0, 8, "running")]
    second = list(reader.read("progress_state", {"nodes": {"a": state(1), "b": state(5)}}))
    assert second == [Progress("b", "4", 5, 8, "running")]
    assert list(reader.read("progress_state", {"nodes": {"a": state(1), "b": state(5)}})) == []


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)), max_size=20))
def test_the_last_event_of_a_node_is_its_last_state(messages):
    reader, latest, seen = EventReader(), {}, {}
    for values in messages:
        latest.update(values)
        nodes = {node: state(value) for node, value in values.items()}
        seen.update({event.node_id: event.value for event in reader.read("progress_state", {"nodes": nodes})})
    assert seen == latest


def test_an_error_carries_node_type_words_and_traceback():
    (event,) = read(
        "execution_error",
        node_id="15",
        node_type="KSampler",
        exception_message="shapes differ\n",
        exception_type="ValueError",
        traceback=["line 1\n", "line 2\n"],
    )
    assert isinstance(event, Failed)
    error = event.error
    assert str(error) == "node 15 (KSampler): shapes differ"
    assert (error.exception_type, error.traceback) == ("ValueError", "line 1\nline 2\n")
    assert type(error) is ComfyError


def test_an_interruption_is_an_error_of_its_own_kind():
    (event,) = read("execution_interrupted", node_id="15", node_type="KSampler")
    assert isinstance(event, Failed)
    assert isinstance(event.error, PromptInterruptedError)


def test_a_refusal_names_the_node_before_the_prompt():
    node = {"class_type": "LoadImage", "errors": [{"message": "Invalid image file", "details": "image - x.png"}]}
    document = {"error": {"message": "Prompt outputs failed validation", "details": ""}, "node_errors": {"4": node}}
    assert refusal(document) == ("Invalid image file: image - x.png", "4", "LoadImage")
    assert refusal({"error": {"message": "No prompt", "details": "provided"}, "node_errors": {}})[0] == "No prompt provided"
    assert refusal({"error": "bad gateway"}) == ("bad gateway", None, None)
