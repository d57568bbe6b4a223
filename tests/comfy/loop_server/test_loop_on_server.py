"""The loop on ComfyUI's real server: stopped in the middle, failing, shown to the browser, under each kind of cache."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host.errors import ComfyError, PromptInterruptedError
from audio_loop.comfy_host.events import Executed, ProgressText

CACHES = {"default": (), "none": ("--cache-none",)}
LONG = 5000
"""Iterations of a loop that is still running whenever it is stopped."""


@pytest.fixture(scope="module", params=list(CACHES))
def server(request, comfy_with):
    return comfy_with(*CACHES[request.param])


def loop(iterations, color=0, fail_in=None, preview=False):
    """Iteration k shows the inverted picture of iteration k - 1."""
    prompt = {
        "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": color}},
        "2": {
            "class_type": "TensorLoopOpen",
            "inputs": {"mode": "iterations", "mode.iterations": iterations, "initial_value": ["1", 0]},
        },
        "3": {"class_type": "ImageInvert", "inputs": {"image": ["2", 1]}},
        "4": {
            "class_type": "TensorLoopClose",
            "inputs": {
                "flow_control": ["2", 0],
                "processed": ["3", 0],
                "accumulate": True,
                "overlap": "disabled",
            },
        },
        "5": {"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}},
    }
    if fail_in is not None:
        # Scaled to a width that is -1 in iteration `fail_in`; 0, in the one before, means to keep the proportions.
        prompt["6"] = {
            "class_type": "ComfyMathExpression",
            "inputs": {"expression": f"{fail_in} - 1 - a", "values.a": ["2", 3]},
        }
        prompt["7"] = {
            "class_type": "ImageScale",
            "inputs": {
                "image": ["3", 0],
                "upscale_method": "bilinear",
                "width": ["6", 1],
                "height": 8,
                "crop": "disabled",
            },
        }
        prompt["4"]["inputs"].update(processed=["7", 0], accumulate=False)
    if preview:
        prompt["9"] = {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}
    return prompt


def test_stopped_in_the_middle_the_next_prompt_is_normal(server):
    reached = []

    def stop_at_20(event):
        if isinstance(event, ProgressText) and event.text.startswith("20 /"):
            server.client.interrupt()
        if isinstance(event, ProgressText):
            reached.append(event.text)

    with pytest.raises(PromptInterruptedError):
        server.run(loop(LONG), on_event=stop_at_20)
    assert f"20 / {LONG}" in reached
    assert f"{LONG} / {LONG}" not in reached
    assert "ended early, in iteration" in server.server.log_tail()
    result = server.run(loop(4))
    assert len(result.files("5")) == 4


def test_an_error_names_the_iteration(server):
    messages = []
    with pytest.raises(ComfyError):
        server.run(loop(50, fail_in=7), on_event=messages.append)
    assert "loop 2 ended early, in iteration 7 / 50" in server.server.log_tail()
    assert [event.text for event in messages if isinstance(event, ProgressText)][-1] == "ended early in 7 / 50"
    assert len(server.run(loop(3)).files("5")) == 3


def test_progress_text_on_the_open_node(server):
    events = []
    server.run(loop(5, color=1), on_event=events.append)
    texts = [(event.node_id, event.text) for event in events if isinstance(event, ProgressText)]
    assert texts == [("2", text) for text in ("1 / 5", "2 / 5", "3 / 5", "4 / 5", "5 / 5", "5 / 5")]


def test_previews_in_the_body_come_one_by_one_under_their_own_id(server):
    events = []
    server.run(loop(4, color=2, preview=True), on_event=events.append)
    shown = [event.display_id for event in events if isinstance(event, Executed) and event.output.get("images")]
    assert shown == ["9", "9", "9", "9", "5"]


def test_unchanged_prompt_again(server):
    first = server.run(loop(6, color=3))
    again = server.run(loop(6, color=3))
    assert len(first.files("5")) == len(again.files("5")) == 6
