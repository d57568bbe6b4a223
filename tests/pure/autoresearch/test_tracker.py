"""Rows of runs stay: beside other processes that write, and after a process was killed while it wrote."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import duckdb
import pytest

from audio_loop.autoresearch.errors import TrackerError
from audio_loop.autoresearch.tracker import RunRow, Tracker
from audio_loop.comfy_host.environment import REPOSITORY

WRITER = """
import sys; sys.path.insert(0, {scripts!r})
import _bootstrap
from pathlib import Path
from audio_loop.autoresearch.tracker import RunRow, Tracker
for number in range({count}):
    Tracker(Path({path!r})).add(RunRow(f"{name}-{{number}}", "complete", "", {{}}, "j", "m", 0.5, {{"m": 0.5}}))
    print(number, flush=True)
"""


def writer(path, name, count):
    code = WRITER.format(scripts=str(REPOSITORY / "scripts"), path=str(path), name=name, count=count)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def row(run_id, status="complete", **metrics):
    return RunRow(run_id, status, "words", {"tier": 1, "arm": "a"}, "hash", "m", metrics.get("m"), metrics)


def test_a_row_comes_back_as_it_was_given(tmp_path):
    tracker = Tracker(tmp_path / "new" / "runs.duckdb")
    assert tracker.rows() == ()
    given = row("one", m=1.25, m_status="ok", much={"a": [1, None]})
    assert tracker.add(given)
    assert tracker.rows() == (given,)
    assert tracker.complete() == {"one"}
    assert [path.name for path in tracker.path.parent.iterdir()] == ["runs.duckdb"]


def test_a_run_is_complete_once_and_fails_as_often_as_it_does(tmp_path):
    tracker = Tracker(tmp_path / "runs.duckdb")
    added = [tracker.add(row("one", status)) for status in ("failed", "failed", "complete", "complete", "failed")]
    assert added == [True, True, True, False, True]
    assert [each.status for each in tracker.rows()] == ["failed", "failed", "complete", "failed"]


def test_a_file_that_holds_no_runs_is_refused_in_words(tmp_path):
    path = tmp_path / "runs.duckdb"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(TrackerError, match=r"runs\.duckdb"):
        Tracker(path).add(row("one"))
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("CREATE TABLE songs (name VARCHAR)").close()
    with pytest.raises(TrackerError, match="holds no runs"):
        Tracker(other).rows()


def test_not_a_number_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        Tracker(tmp_path / "runs.duckdb").add(row("one", m=float("nan")))


def test_writers_wait_for_each_other_and_a_killed_one_loses_no_row_that_it_wrote(tmp_path):
    path = tmp_path / "runs.duckdb"
    killed, other = writer(path, "killed", 1000), writer(path, "other", 6)
    said = []
    for line in killed.stdout:
        said.append(int(line))
        if len(said) == 5:
            killed.send_signal(signal.SIGKILL)
    reader = threading.Thread(target=other.communicate)
    reader.start()
    killed.wait()
    reader.join()
    assert other.returncode == 0
    runs = [each.run_id for each in Tracker(path).rows()]
    assert len(runs) == len(set(runs))
    assert {f"killed-{number}" for number in said} <= set(runs)
    assert {f"other-{number}" for number in range(6)} <= set(runs)
    assert Tracker(path).add(row("after"))


@pytest.mark.parametrize(("locked_times", "patience_seconds"), [(2, 60.0), (2, -1.0)], ids=["it is let go", "it is kept"])
def test_a_file_that_another_process_holds_is_waited_for(tmp_path, monkeypatch, locked_times, patience_seconds):
    tracker = Tracker(tmp_path / "runs.duckdb")
    assert tracker.add(row("one"))
    real, tried = duckdb.connect, []

    def connect(*arguments, **options):
        tried.append(arguments)
        if len(tried) <= locked_times:
            raise duckdb.IOException("Could not set lock on file")
        return real(*arguments, **options)

    monkeypatch.setattr(duckdb, "connect", connect)
    monkeypatch.setattr("audio_loop.autoresearch.tracker._PAUSE_SECONDS", 0)
    monkeypatch.setattr("audio_loop.autoresearch.tracker.SECONDS_TO_WAIT", patience_seconds)
    if patience_seconds > 0:
        assert tracker.complete() == {"one"}
        assert len(tried) == locked_times + 1
    else:
        with pytest.raises(TrackerError, match=r"cannot be opened: .*lock"):
            tracker.complete()


def test_a_file_that_cannot_be_read_at_all_is_refused_at_once(tmp_path, monkeypatch):
    tracker = Tracker(tmp_path / "runs.duckdb")
    assert tracker.add(row("one"))
    tried = []

    def connect(*arguments, **_options):
        tried.append(arguments)
        raise duckdb.IOException("no space left on device")

    monkeypatch.setattr(duckdb, "connect", connect)
    with pytest.raises(TrackerError, match="no space left on device"):
        tracker.rows()
    assert len(tried) == 1
