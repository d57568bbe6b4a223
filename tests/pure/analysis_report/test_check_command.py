"""`scripts/check_schedule.py` as people run it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import wave

import pytest

from audio_loop.analysis_report.check_command import main
from audio_loop.comfy_host.environment import REPOSITORY

SUBJECT = "A man in a grey suit"
RIGHT = f"""\
0:00.00-0:19.88: {SUBJECT} is looking out of the window, medium shot, static camera, morning light.
0:19.88-0:25.00: {SUBJECT} is walking through the room, medium shot, static camera, morning light.
"""


@pytest.fixture
def silent_song(tmp_path):
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 * 25)
    return path


@pytest.fixture
def run(tmp_path, silent_song, capsys):
    def call(text, *options):
        (tmp_path / "schedule.txt").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        status = main([str(tmp_path / "schedule.txt"), "--audio", str(silent_song), *options])
        return status, *capsys.readouterr()

    return call


def test_a_right_one_passes(run):
    status, out, err = run(RIGHT, "--subject", SUBJECT, "--first-prompt", RIGHT.split(": ", 1)[1].split("\n")[0])
    assert (status, err) == (0, "")
    assert out.startswith("OK: nothing found\nSong: 0:25.00, 2 windows.\nSchedule: 2 entries.\n")


def test_findings_can_be_sent_back(run):
    status, out, _ = run("Here:\n" + RIGHT.replace("is walking", "is singing").replace("0:19.88", "0:18", 1))
    assert status == 1
    assert "R5 (verb fits the sound) error, line 3: 'singing', but no voice is heard" in out
    assert "R9 (pre-placed boundaries) error, line 2: ends at 0:18.00, and the picture cannot change then." in out
    assert "right would be: 0:19.88 is the nearest boundary" in out
    assert "line 1 was left out: 'Here:'" in out
    assert "Boundaries of this song: 0:00.00, 0:19.88; it ends at 0:25.00." in out


def test_json_says_the_same(run):
    status, out, _ = run(RIGHT.replace("is walking", "is singing"), "--json", "--style", "none")
    data = json.loads(out)
    assert (status, data["errors"], data["warnings"]) == (1, 1, 0)
    assert [(each["rule"], each["line"], each["severity"]) for each in data["findings"]] == [("R5", 2, "error")]
    assert data["boundaries"] == ["0:00.00", "0:19.88"]
    assert (data["subject"], data["subject_is_given"], data["listened"]) == (SUBJECT, False, True)


def test_windows_trim_and_strictness_are_options(run):
    wider = RIGHT.replace("0:19.88", "0:12.04")
    assert run(wider, "--no-listen")[0] == 1
    assert run(wider, "--no-listen", "--window", "12.04", "--overlap", "1")[0] == 0
    assert run(RIGHT.replace("0:25.00", "0:23.00"), "--trim", "2")[0] == 0
    warned = RIGHT.replace("morning light", "holding a microphone")
    assert (run(warned)[0], run(warned, "--strict")[0], run(warned, "--strict", "--image-desc", "a microphone")[0]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (b"\xff\xfe0\0", (), "is no text in UTF-8"),
        (RIGHT, ("--audio", "nothing.wav"), "nothing.wav"),
        (RIGHT, ("--trim", "30"), "song.wav"),
        (RIGHT, ("--trim", "soon"), "--trim is 'soon', which is not a number"),
        (RIGHT, ("--fps", "0"), "fps is 0"),
        (RIGHT, ("--overlap", "30"), "overlap"),
        (b"0:00+: x\n" * 600_000, (), "more than 4000000 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused(run, text, options, message):
    status, out, err = run(text, *options)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err


def test_it_reads_the_console_and_needs_no_torch(silent_song):
    code = (
        "import atexit, runpy, sys; sys.path.insert(0, 'scripts'); "
        f"sys.argv = ['check_schedule.py', '-', '--audio', {str(silent_song)!r}]; "
        "atexit.register(lambda: print({'torch', 'librosa', 'matplotlib'} & {*sys.modules})); "
        "runpy.run_path('scripts/check_schedule.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], input=RIGHT.encode(), capture_output=True, check=False, cwd=REPOSITORY)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"OK: nothing found\n")
    assert done.stdout.endswith(b"set()\n")


def test_the_console_is_read_for_a_dash_and_a_file_that_is_gone_is_named(silent_song, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(RIGHT.encode())))
    assert main(["-", "--audio", str(silent_song)]) == 0
    assert capsys.readouterr().out.startswith("OK: nothing found\n")
    assert main(["gone.txt", "--audio", str(silent_song)]) == 2
    assert capsys.readouterr().err == "error: gone.txt cannot be read: No such file or directory\n"
