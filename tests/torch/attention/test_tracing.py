from __future__ import annotations

import json
import logging

import pytest
import torch

from audio_loop.attention import option_keys
from audio_loop.attention.nag import apply_nag
from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
from audio_loop.attention.routing import Capabilities
from audio_loop.attention.tracing import stamp_iteration
from audio_loop.measuring.node_log import attach_execution_log
from audio_loop.measuring.profiling import ProfileSettings, ProfilingError, begin_profile, end_profile, step_profile
from audio_loop.measuring.trace_files import ATTENTION_FILE, EXECUTION_FILE

AMPERE = Capabilities(
    arch=80,
    cuda=(12, 8),
    versions={"sageattention": "2.2.0"},
    functions=frozenset({"sageattention.sageattn_qk_int8_pv_fp16_cuda"}),
)


def rows(folder):
    return [json.loads(line) for line in (folder / ATTENTION_FILE).read_text(encoding="utf-8").splitlines()]


def test_a_stamp_without_a_folder_only_stamps(tiny_ltx, conditioning, render, tmp_path):
    model = tiny_ltx()
    stamped = stamp_iteration(model, 3)
    render(stamped, conditioning(1), [])
    assert stamped.model_options["transformer_options"] == {option_keys.ITERATION: 3}
    assert model.model_options == {"transformer_options": {}}
    assert list(tmp_path.iterdir()) == []


def test_each_call_becomes_a_line(tiny_ltx, conditioning, render, tmp_path):
    model = tiny_ltx()
    expected = render(model, conditioning(1), [])

    got = render(stamp_iteration(model, 4, tmp_path / "trace"), conditioning(1), [])

    assert all(torch.equal(a, b) for a, b in zip(got, expected, strict=True))
    lines = rows(tmp_path / "trace")
    assert len(lines) == 24
    assert [line["call"] for line in lines] == [*range(12), *range(12)]
    assert [line["block"] for line in lines] == ([0] * 6 + [1] * 6) * 2
    assert {line["iteration"] for line in lines} == {4}
    assert [(line["q"], line["kv"], line["head_dim"]) for line in lines[:6]] == [
        (12, 12, 32),
        (12, 16, 32),
        (12, 12, 16),
        (12, 16, 16),
        (12, 12, 16),
        (12, 12, 16),
    ]
    assert all(line["microseconds"] > 0 for line in lines)
    assert set(lines[0]) == {
        "iteration",
        "block",
        "call",
        "q",
        "kv",
        "heads",
        "head_dim",
        "dtype",
        "mask",
        "kernel",
        "reason",
        "microseconds",
    }
    assert (lines[0]["kernel"], lines[0]["reason"], lines[0]["mask"]) == ("comfy", "no dispatcher", None)


def test_iterations_append_to_one_file(tiny_ltx, conditioning, render, tmp_path):
    model = tiny_ltx()
    for iteration in range(3):
        render(stamp_iteration(model, iteration, tmp_path), conditioning(1), [], sigmas=[1.0, 0.0])
    assert [line["iteration"] for line in rows(tmp_path)] == [0] * 12 + [1] * 12 + [2] * 12


@pytest.mark.parametrize("stamp_first", [True, False])
def test_the_dispatcher_says_kernel_and_reason_and_each_call_is_there_once(
    tiny_ltx, conditioning, render, tmp_path, stamp_first
):
    model = tiny_ltx()
    if stamp_first:
        model = apply_sage_attention(stamp_iteration(model, 1, tmp_path), capabilities=AMPERE)
    else:
        model = stamp_iteration(apply_sage_attention(model, capabilities=AMPERE), 1, tmp_path)
    mask = torch.zeros(1, 1, 1, 16)
    render(model, conditioning(1, attention_mask=mask), [])

    lines = rows(tmp_path)
    assert len(lines) == 24
    assert {line["kernel"] for line in lines} == {"comfy"}
    masked = [line for line in lines if line["mask"]]
    assert {line["reason"] for line in masked} == {"mask"}
    assert {tuple(line["mask"]) for line in masked} == {(1, 1, 1, 16)}
    assert {line["reason"] for line in lines if not line["mask"]} == {"not on CUDA"}


def test_guided_calls_are_traced_as_the_two_they_are(tiny_ltx, conditioning, render, tmp_path):
    model = stamp_iteration(apply_nag(tiny_ltx(), conditioning(2, tokens=20)), 0, tmp_path)
    render(model, conditioning(1), [], sigmas=[1.0, 0.0])
    assert [line["kv"] for line in rows(tmp_path)[:8]] == [12, 16, 20, 12, 16, 20, 12, 12]


def test_a_block_replacement_that_was_there_still_acts(tiny_ltx, conditioning, render, tmp_path):
    seen = []

    def watch(args, extra):
        seen.append(args["transformer_options"][option_keys.BLOCK])
        return extra["original_block"](args)

    model = tiny_ltx().clone()
    model.set_model_patch_replace(watch, "dit", "double_block", 1)
    render(stamp_iteration(model, 0, tmp_path), conditioning(1), [], sigmas=[1.0, 0.0])
    assert seen == [1]
    assert len(rows(tmp_path)) == 12


def test_a_trace_of_a_failed_render_is_written(tiny_ltx, conditioning, render, tmp_path):
    model = stamp_iteration(tiny_ltx(), 2, tmp_path)

    def interrupt(args):
        raise KeyboardInterrupt

    model.set_model_sampler_post_cfg_function(interrupt)
    with pytest.raises(KeyboardInterrupt):
        render(model, conditioning(1), [])
    assert len(rows(tmp_path)) == 12


def test_a_trace_that_cannot_be_written_does_not_end_the_render(tiny_ltx, conditioning, render, tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        render(stamp_iteration(tiny_ltx(), 0, blocked), conditioning(1), [], sigmas=[1.0, 0.0])
    assert "cannot write" in caplog.text
    assert blocked.read_text() == "in the way"


def test_a_negative_iteration_is_refused(tiny_ltx):
    with pytest.raises(ValueError, match="iteration is -1; the initial render is 0"):
        stamp_iteration(tiny_ltx(), -1)


def test_the_dispatcher_pays_nothing_for_a_trace_that_is_off():
    dispatcher = AttentionDispatcher("disabled", Capabilities())
    q = torch.zeros(1, 2, 4)
    assert dispatcher(lambda q, k, v, heads, **kwargs: q, q, q, q, 1, transformer_options={}) is q


def test_profile_writes_trace_table_and_memory(tmp_path):
    session = begin_profile(ProfileSettings(tmp_path / "p", warmup_iterations=1, active_iterations=2))
    for _iteration in range(3):
        torch.ones(64, 64) @ torch.ones(64, 64)
        step_profile(session)
    result = end_profile(session)

    assert result.summary == "2 of 3 iterations recorded; open profile_trace.json at https://ui.perfetto.dev"
    assert "aten::mm" in result.table.read_text()
    events = json.loads(result.trace.read_text())["traceEvents"]
    assert sum(event.get("name") == "aten::mm" for event in events) == 2, "the warm-up iteration is not in it"
    assert not [path.name for path in result.trace.parent.iterdir() if str(tmp_path) in path.read_text()]
    memory = json.loads(result.memory.read_text())
    assert [row["iteration"] for row in memory] == [0, 1, 2, 3]
    assert all(row["rss"] > 0 for row in memory)


def test_perfetto_can_read_the_trace(tmp_path):
    # https://perfetto.dev/docs/getting-started/other-formats, "Chrome JSON format": these phases, times in microseconds,
    # and spans of one thread that lie within one another or apart.
    session = begin_profile(ProfileSettings(tmp_path, warmup_iterations=0, active_iterations=2))
    for _iteration in range(2):
        torch.nn.functional.softmax(torch.ones(64, 64) @ torch.ones(64, 64), dim=-1)
        step_profile(session)
    trace = json.loads(end_profile(session).trace.read_text(), parse_constant=pytest.fail)
    events = trace["traceEvents"]
    assert {event["ph"] for event in events} <= set("BEXiICMstf")
    assert all(isinstance(event["name"], str) and "pid" in event for event in events)
    assert all(isinstance(event["ts"], int | float) for event in events)
    spans = {}
    for event in (event for event in events if event["ph"] == "X"):
        assert event["dur"] >= 0
        spans.setdefault((event["pid"], event["tid"]), []).append((event["ts"], -event["dur"]))
    assert max(map(len, spans.values())) > 10
    for track in spans.values():
        ends = []
        for start, negative in sorted(track):
            while ends and ends[-1] <= start:
                ends.pop()
            assert not ends or start - negative <= ends[-1] + 0.002, "nanoseconds, rounded"
            ends.append(start - negative)


def test_profile_that_never_got_past_its_warm_up_says_so(tmp_path):
    session = begin_profile(ProfileSettings(tmp_path, warmup_iterations=2, active_iterations=1))
    step_profile(session)
    result = end_profile(session)
    assert result.summary == "nothing recorded: 1 iterations ran, 2 of them are warm-up"
    assert result.trace is None
    assert result.table is None
    assert result.memory.is_file()


def test_profile_refuses_what_cannot_work(tmp_path):
    with pytest.raises(ProfilingError, match="active_iterations is 0"):
        begin_profile(ProfileSettings(tmp_path, active_iterations=0))
    with pytest.raises(ProfilingError, match="warmup_iterations is -1"):
        begin_profile(ProfileSettings(tmp_path, warmup_iterations=-1))
    session = begin_profile(ProfileSettings(tmp_path, warmup_iterations=0, active_iterations=1))
    end_profile(session)
    with pytest.raises(ProfilingError, match="has ended"):
        step_profile(session)
    with pytest.raises(ProfilingError, match="has ended already"):
        end_profile(session)


def test_execution_log_has_node_class_and_seconds_and_no_inputs(comfy_on_cpu, tmp_path):
    from comfy_execution.graph import DynamicPrompt
    from comfy_execution.progress import get_progress_state, reset_progress_state

    prompt = DynamicPrompt({"7": {"class_type": "CLIPTextEncode", "inputs": {"text": "a secret"}}})
    reset_progress_state("prompt", prompt)
    attach_execution_log(tmp_path)
    prompt.add_ephemeral_node("7.0.1", {"class_type": "KSampler", "inputs": {}}, "7", "7")
    registry = get_progress_state()
    registry.start_progress("7")
    registry.start_progress("7.0.1")
    registry.finish_progress("7.0.1")
    registry.finish_progress("7")

    text = (tmp_path / EXECUTION_FILE).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["node"], line["display_node"], line["class"]) for line in lines] == [
        ("7.0.1", "7", "KSampler"),
        ("7", "7", "CLIPTextEncode"),
    ]
    assert all(line["seconds"] >= 0 for line in lines)
    assert "secret" not in text
