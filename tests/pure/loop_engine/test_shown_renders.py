"""What a render has shown, kept for a page that is loaded again."""

from __future__ import annotations

from audio_loop.loop_engine.shown_renders import WORKFLOWS_KEPT, RenderStates, workflow_id_of


def entry(display, **output):
    return {"meta": {"node_id": "any", "display_node": display}, "output": output}


def test_the_last_output_of_each_node_on_the_canvas():
    outputs = {}
    render = RenderStates().render("workflow", "prompt", outputs)
    outputs["2201"] = entry("2201", text=("initial",))
    outputs["1540.run.1.2202"] = entry("2202", text=("first",))
    outputs["1540.run.2.2202"] = entry("2202", text=("second",))
    assert render.shown() == [
        {"node": "2201", "display_node": "2201", "output": {"text": ("initial",)}},
        {"node": "1540.run.2.2202", "display_node": "2202", "output": {"text": ("second",)}},
    ]


def test_words_stay_until_they_are_replaced():
    states = RenderStates()
    states.render("workflow", "first", None).words["1539"] = "3 / 9"
    second = states.render("workflow", "second", {})
    assert (second.words, second.prompt_id) == ({"1539": "3 / 9"}, "second")
    second.words["1539"] = "1 / 9"
    assert states.last("workflow").words == {"1539": "1 / 9"}
    assert states.render("workflow", "second", None) is second


def test_what_was_shown_stays_until_it_is_replaced_or_cleared():
    """A node whose kept result is used is not in ComfyUI's record of the next render."""
    states = RenderStates()
    states.render("w", "first", {n: entry(n, text=(f"{n} first",)) for n in ("2201", "2202", "1604")}).words["1539"] = "3 / 9"
    second = states.render("w", "second", {"1604": entry("1604", text=("1604 second",))})
    second.clear(["1539", "2202"])
    assert second.words == {}
    assert [message["output"]["text"] for message in second.shown()] == [("2201 first",), ("1604 second",)]


def test_workflows_do_not_share():
    states = RenderStates()
    states.render("one", "prompt", None).words["1539"] = "3 / 9"
    assert states.last("other") is None
    assert states.render("other", "next", None).words == {}


def test_only_the_last_workflows_are_kept():
    states = RenderStates()
    for number in range(WORKFLOWS_KEPT + 5):
        states.render(f"w{number}", "prompt", None)
    assert states.last("w4") is None
    assert states.last("w5") is not None


def test_a_prompt_without_a_workflow_has_no_id():
    for extra in ({}, {"extra_pnginfo": None}, {"extra_pnginfo": {"workflow": {}}}, {"extra_pnginfo": {"workflow": {"id": 3}}}):
        assert workflow_id_of(extra) == ""
    assert workflow_id_of({"extra_pnginfo": {"workflow": {"id": "w"}}}) == "w"
