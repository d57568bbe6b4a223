"""The tables of attention calls and nodes, and the command line that finds a trace and prints them."""

from __future__ import annotations

import os

import pytest

from audio_loop.measuring.report_command import main
from audio_loop.measuring.trace_files import TraceFileError, read_json, read_lines
from audio_loop.measuring.trace_tables import MOST_SHAPES, attention_tables, call_text, node_table

NAMES = ("a.jsonl", "b.jsonl")


def call(kernel="sage", reason="auto", iteration=1, microseconds=10.0, q=4, mask=False):
    shape = {"q": q, "kv": 8, "heads": 2, "head_dim": 64, "dtype": "bfloat16", "mask": mask}
    return {"kernel": kernel, "reason": reason, "iteration": iteration, "microseconds": microseconds, **shape}


def cells(text):
    return [line.split() for line in text.splitlines()[3:]]


def test_attention_is_summed_by_kernel_and_by_reason_the_longest_first():
    rows = [call(microseconds=10.0), call("comfy", "mask", microseconds=60.0), call(microseconds=30.0)]
    by_kernel, by_reason, *_ = attention_tables(rows)
    assert by_kernel.startswith("Attention by kernel\n")
    assert cells(by_kernel) == [["comfy", "1", "60.0", "60.0", "60.0%"], ["sage", "2", "40.0", "20.0", "40.0%"]]
    assert [row[:2] for row in cells(by_reason)] == [["mask", "(comfy)"], ["auto", "(sage)"]]


def test_iterations_stand_in_their_order_and_calls_without_a_stamp_at_the_end():
    rows = [call(iteration=i, microseconds=us) for i, us in ((None, 90.0), (10, 5.0), (2, 4.0), (10, 1.0))]
    lines = cells(attention_tables(rows)[2])
    assert [line[:-3] for line in lines] == [["2", "1"], ["10", "2"], ["no", "stamp", "1"]]


def test_of_many_shapes_the_longest_are_shown_and_the_title_says_so():
    rows = [call(q=q, microseconds=float(q)) for q in range(1, MOST_SHAPES + 4)]
    shapes = attention_tables(rows)[3]
    assert f"Attention by shape, the {MOST_SHAPES} of {MOST_SHAPES + 3} that took longest" in shapes
    assert [line[0] for line in cells(shapes)] == [str(q) for q in range(MOST_SHAPES + 3, 3, -1)]
    assert attention_tables(rows[:3])[3].splitlines()[0] == "Attention by shape"


def test_no_calls_make_empty_tables():
    assert [cells(each) for each in attention_tables([])] == [[], [], [], []]


def test_a_call_is_told_by_its_shape():
    assert call_text(call()) == "4 x 8, 2 of 64, bfloat16"
    assert call_text(call(mask=True)) == "4 x 8, 2 of 64, bfloat16, masked"


def test_nodes_are_summed_under_the_id_that_people_see():
    rows = [
        {"class": kind, "display_node": node, "seconds": seconds}
        for kind, node, seconds in (("Sampler", "7", 1.0), ("Decode", "9", 2.5), ("Sampler", "7", 2.0), ("Sampler", "8", 0.5))
    ]
    assert cells(node_table(rows)) == [
        ["Sampler", "#7", "2", "3.000", "2.000"],
        ["Decode", "#9", "1", "2.500", "2.500"],
        ["Sampler", "#8", "1", "0.500", "0.500"],
    ]


def trace(output, run, name="a.jsonl", written=None):
    folder = output / "audio_loop" / run / "trace"
    folder.mkdir(parents=True)
    (folder / name).touch()
    if written is not None:
        os.utime(folder / name, (written, written))
    return folder


def reported(capsys, *arguments, comfyui=lambda: None):
    """Exit status and what was printed: the folder that was found, or what is wrong."""
    status = main(
        "Help.", NAMES, lambda folder: [f"table of {folder.parent.name}\n"], comfyui, [str(each) for each in arguments]
    )
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_trace_is_named_by_its_file_its_folder_or_the_folder_of_its_run(tmp_path, capsys):
    folder = trace(tmp_path, "mine", "b.jsonl")
    expected = (0, f"{folder}\n\ntable of mine\n")
    for named in (folder / "b.jsonl", folder, folder.parent):
        assert reported(capsys, named) == expected


def test_a_folder_without_a_trace_is_refused(tmp_path, capsys):
    assert reported(capsys, tmp_path) == (2, f"error: {tmp_path} is no trace: there is no a.jsonl or b.jsonl in it\n")


def test_the_newest_trace_is_looked_for_where_output_says_and_else_in_comfyui(tmp_path, capsys):
    trace(tmp_path / "given", "old", written=1)
    trace(tmp_path / "given", "new", "b.jsonl", written=2)
    trace(tmp_path / "comfy" / "output", "of comfyui")
    assert reported(capsys, "--output", tmp_path / "given", comfyui=lambda: tmp_path / "comfy")[1].endswith("table of new\n")
    assert reported(capsys, comfyui=lambda: tmp_path / "comfy")[1].endswith("table of of comfyui\n")


def test_without_comfyui_a_trace_has_to_be_named(capsys):
    status, said = reported(capsys)
    assert status == 2
    assert said.startswith("error: no ComfyUI found; name a trace file")


def test_a_file_that_is_no_text_or_not_there_is_named(tmp_path):
    path = tmp_path / "trace.json"
    with pytest.raises(TraceFileError, match=r"trace\.json"):
        read_json(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TraceFileError, match="decode"):
        read_lines(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(TraceFileError, match=r"trace\.json: "):
        read_json(path)
    path.write_text('{"a": [1]}', encoding="utf-8")
    assert read_json(path) == {"a": [1]}


def test_all_lines_of_a_whole_file_are_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{"a": 2}\n', encoding="utf-8")
    assert read_lines(path) == [{"a": 1}, {"a": 2}]
    path.write_text("", encoding="utf-8")
    assert read_lines(path) == []
