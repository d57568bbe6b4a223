"""What a loop gives is the direct join of what its iterations gave, for every kind of value and overlap."""

from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.join import first_frames, frame_count, join

KINDS = ("image", "mask", "video", "audio", "nested")
OVERLAPS = (
    ("disabled", None),
    ("start", 2),
    ("end", 2),
    ("fade_linear", 2),
    ("fade_smooth", 3),
    ("replace_tail", 2),
)
FRAMES_PER_ITERATION = 5


def parts_of(engine, kind, iterations):
    made = engine.nodes.TestFrames()
    return [made.execute(kind, 100 * k, FRAMES_PER_ITERATION)[0] for k in range(1, iterations + 1)]


def loop(graph, kind, mode, overlap, initial=None, **open_inputs):
    flow = graph.open(initial=initial, **open_inputs)
    first = graph.add("TestTimes", a=graph.iteration(flow), b=100)
    body = graph.add("TestFrames", kind=kind, first=first, count=FRAMES_PER_ITERATION, name="body")
    graph.add("TestKeep", "sink", value=graph.close(flow, body, overlap=mode, overlap_frames=overlap))
    return graph.prompt


def assert_equal(made, wanted):
    if isinstance(wanted, dict):
        assert made.keys() == wanted.keys()
        made, wanted = made["samples"], wanted["samples"]
    pairs = zip(made.unbind(), wanted.unbind(), strict=True) if getattr(wanted, "is_nested", False) else [(made, wanted)]
    for one, other in pairs:
        assert one.shape == other.shape
        assert torch.equal(one, other)


@pytest.mark.parametrize(("mode", "overlap"), OVERLAPS, ids=[mode for mode, _ in OVERLAPS])
@pytest.mark.parametrize("kind", KINDS)
def test_result_is_the_join(engine, graph, kind, mode, overlap):
    engine.start(loop(graph, kind, mode, overlap, iterations=3))
    assert_equal(engine.nodes.KEPT[-1], join(parts_of(engine, kind, 3), mode, overlap or 0))
    assert engine.runs()["body"] == 3


@pytest.mark.parametrize(("mode", "overlap"), [o for o in OVERLAPS if o[0] != "end"], ids=lambda value: str(value))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("total", [1, 5, 6, 23])
def test_total_frames_is_the_join_trimmed(default_engine, graph, kind, mode, overlap, total):
    default_engine.start(loop(graph, kind, mode, overlap, total_frames=total))
    ran = default_engine.runs()["body"]
    made = default_engine.nodes.KEPT[-1]
    wanted = first_frames(join(parts_of(default_engine, kind, ran), mode, overlap or 0), total)
    assert frame_count(made) == total
    assert_equal(made, wanted)
    step = FRAMES_PER_ITERATION - (overlap or 0)
    assert ran == 1 + max(0, -(-(total - FRAMES_PER_ITERATION) // step))


@pytest.mark.parametrize("kind", KINDS)
def test_zero_iterations_pass_the_very_value_on(default_engine, graph, kind):
    initial = graph.frames(7, 3, kind, name="initial")
    default_engine.start(loop(graph, kind, "start", 2, initial=initial, iterations=0))
    assert_equal(default_engine.nodes.KEPT[-1], default_engine.nodes.TestFrames().execute(kind, 7, 3)[0])
    assert default_engine.runs() == {"initial": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_previous_value_keeps_its_kind(default_engine, graph, kind):
    flow = graph.open(3, graph.frames(0, 4, kind))
    graph.add("TestKeep", "sink", value=graph.close(flow, graph.seen(graph.previous(flow), "body"), accumulate=False))
    default_engine.start(graph.prompt)
    assert_equal(default_engine.nodes.KEPT[-1], default_engine.nodes.TestFrames().execute(kind, 0, 4)[0])


def test_a_noise_mask_does_not_survive_the_join(default_engine, graph):
    flow = graph.open(2)
    body = graph.add("TestFrames", kind="video", first=graph.iteration(flow), count=2)
    masked = graph.add("TestMask", value=body)
    graph.add("TestKeep", "sink", value=graph.close(flow, masked))
    default_engine.start(graph.prompt)
    assert set(default_engine.nodes.KEPT[-1]) == {"samples"}


def test_parts_that_do_not_fit_are_refused(default_engine, graph, refused):
    flow = graph.open(2)
    small = graph.add("TestFrames", kind="image", first=0, count=2)
    large = graph.add("EmptyImage", width=64, height=32, batch_size=1, color=0)
    second = graph.add("TestEqual", a=graph.iteration(flow), b=2)
    graph.sink(graph.close(flow, graph.add("ComfySwitchNode", switch=second, on_true=large, on_false=small)))
    assert "part 2 of shape (1, 32, 64, 3) cannot be joined to part 1 of shape (2, 2, 2, 3)" in refused(default_engine, graph)


def test_a_list_at_the_end_of_the_body_is_refused(default_engine, graph, refused):
    flow = graph.open(2, graph.frames(0, 3))
    graph.sink(graph.close(flow, graph.add("TestSplit", value=graph.previous(flow), name="body")))
    assert "iteration 1 gave a list of 3 values" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 1


def test_a_list_from_an_output_node_at_the_end_of_the_body_is_refused(default_engine, graph, refused):
    flow = graph.open(2, graph.frames(0, 3))
    parts = graph.add("TestSplit", value=graph.previous(flow), name="body")
    graph.sink(graph.close(flow, graph.add("TestShow", value=parts)))
    assert "iteration 1 gave a list of 3 values" in refused(default_engine, graph)
    assert default_engine.runs()["body"] == 1


def test_what_is_no_image_mask_or_latent_is_refused(default_engine, graph, refused):
    flow = graph.open(2)
    graph.sink(graph.close(flow, graph.plus(graph.iteration(flow), 1)))
    message = refused(default_engine, graph)
    assert "LATENT" in message
    assert "int" in message
