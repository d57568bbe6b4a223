"""Output of commands whose streams are not those of a console, in the process that calls them."""

from __future__ import annotations

import gc
import io
import runpy
import sys

import pytest

from audio_loop.workflow_graph.console import command_line, exit_status, show_everything, write_bytes


def refuse(error: Exception):
    def run() -> int:
        raise error

    return run


def test_a_stream_that_takes_any_text_is_left_as_it_is(monkeypatch) -> None:
    plain, narrow = io.StringIO(), io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", plain)
    monkeypatch.setattr(sys, "stderr", narrow)
    show_everything()
    assert sys.stdout is plain
    sys.stderr.write("①")
    sys.stderr.flush()
    assert narrow.buffer.getvalue() == b"\\u2460"


def test_bytes_go_as_text_to_a_stream_without_bytes(monkeypatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    write_bytes("Grüße ♪\n".encode())
    assert stream.getvalue() == "Grüße ♪\n"


@pytest.mark.parametrize("on", [True, False])
def test_a_command_leaves_the_collector_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with command_line():
            assert not gc.isenabled()
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()


def test_a_refusal_is_a_sentence_and_a_reader_who_leaves_is_none(capsys) -> None:
    assert exit_status(lambda: 1, ValueError) == 1
    assert exit_status(refuse(ValueError("not that")), ValueError) == 2
    assert capsys.readouterr().err == "error: not that\n"
    assert exit_status(refuse(BrokenPipeError()), ValueError) == 0
    assert capsys.readouterr().err == ""


def test_the_module_runs_the_command_only_as_a_program(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["workflow_graph", "show", str(tmp_path / "none.json")])
    name = "audio_loop.workflow_graph.__main__"
    assert runpy.run_module(name, run_name="imported")["main"] is not None
    assert capsys.readouterr() == ("", "")
    with pytest.raises(SystemExit) as left:
        runpy.run_module(name, run_name="__main__")
    assert left.value.code == 2
    assert "none.json" in capsys.readouterr().err
