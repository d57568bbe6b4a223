"""The command line as people type it: a file in, a prepared WAV out, a table, and refusals that name what works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from audio_loop.audio.preparing import command
from audio_loop.audio.preparing.loudness import integrated_lufs
from audio_loop.audio.preparing.true_peak import true_peak_dbtp
from audio_loop.audio.reading.song_source import SongFile

from ....speech import SPEECH_HZ, TEXTS, spoken
from ..reading.sound_files import write_sound

REPOSITORY = Path(__file__).resolve().parents[4]
RATE = SPEECH_HZ
PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
"""The folder that keeps the picture for docs/audio.md."""


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """Nine seconds of speech, quiet and over a hum, as AAC."""
    voice = np.concatenate([spoken(text) for text in TEXTS["en"][:2]])[: 9 * RATE]
    hum = 0.01 * np.sin(2 * np.pi * 50 * np.arange(len(voice)) / RATE)
    return write_sound(tmp_path_factory.mktemp("talk") / "talk.m4a", np.stack([0.2 * voice + hum] * 2), RATE, "aac")


def run(*arguments, capsys):
    status = command.main([str(each) for each in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def hide(folder, *modules):
    """Makes Pythons that start with this folder in PYTHONPATH have no such modules."""
    (folder / "sitecustomize.py").write_text(
        "import sys\nclass Hidden:\n    def find_spec(self, name, *_):\n"
        f"        if name.split('.')[0] in {modules!r}: raise ModuleNotFoundError(f'No module named {{name!r}}')\n"
        "sys.meta_path.insert(0, Hidden())\n"
    )


def test_a_file_is_prepared_measured_again_and_drawn(talk, tmp_path, capsys):
    out, plot = tmp_path / "out.wav", tmp_path / "plot.png"
    status, text, errors = run(talk, out, "--trim-start", "0:01", "--trim-end", 9, "--plot", plot, capsys=capsys)
    assert (status, errors) == (0, "")
    song = SongFile(out)
    assert sum(block.shape[1] for block in song.blocks()) == 8 * RATE
    assert (song.sample_rate, song.channel_names) == (RATE, ("FL", "FR"))
    assert integrated_lufs(song) == pytest.approx(-16, abs=0.1)
    assert true_peak_dbtp(song) <= -2
    assert text.startswith("talk.m4a: 0:08.00, 22050 Hz, 2 channels\npreset speech: high-pass 80 Hz, 200 Hz -3 dB, 400 Hz")
    assert re.search(r"loudness, LUFS +-\d\d\.\d +-16\.0\n", text)
    assert re.search(r"consonants 4000 to 8000 Hz, dB +-?\d+\.\d +-?\d+\.\d\n", text)
    assert f"written: {out}, read again and as computed" in text
    with Image.open(plot) as picture:
        colours = {colour for _, colour in picture.getcolors(1 << 16)}
    assert {(255, 180, 84), (79, 163, 255)} <= colours, "both curves are in it"
    if PICTURES:
        shutil.copy(plot, Path(PICTURES) / "prepared.png")


def test_settings_are_those_of_the_options(talk, tmp_path, capsys):
    out = tmp_path / "out.wav"
    options = ("--preset", "off", "--target-lufs", "-23", "--true-peak", "-6", "--no-verify")
    status, text, _ = run(talk, out, *options, capsys=capsys)
    assert status == 0
    assert "preset off: no filter" in text
    assert f"written: {out}, not read again" in text
    assert integrated_lufs(SongFile(out)) == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("{talk}", "{free}.mp3"), "out.mp3 is to be a WAV file; call it out.wav"),
        (("{talk}", "{taken}"), "taken.wav exists already and is not overwritten; {folder}/taken-2.wav is free"),
        (("{talk}", "{free}.wav", "--plot", "{taken}"), "taken.wav is to be a PNG file; call it taken.png"),
        (("{talk}", "{folder}/no/out.wav"), "there is no folder {folder}/no; make it first"),
        (("{folder}/gone.m4a", "{free}.wav"), "gone.m4a: No such file or directory"),
        (("{folder}", "{free}.wav"), "is not a regular file but a folder"),
        (("{taken}", "{free}.wav"), "taken.wav cannot be read as sound"),
        (("{talk}", "{free}.wav", "--trim-start", "soon"), "--trim-start is 'soon', which is not a number"),
        (("{talk}", "{free}.wav", "--trim-start", "12"), "so nothing is left from 12 s on"),
        (("{talk}", "{free}.wav", "--target-lufs", "3"), "the target loudness is 3 LUFS; it must lie between -40 and -5"),
    ],
)
def test_refusals_say_what_works_and_write_nothing(talk, tmp_path, capsys, arguments, why):
    (tmp_path / "taken.wav").write_text("somebody's")
    names = {"talk": talk, "free": tmp_path / "out", "taken": tmp_path / "taken.wav", "folder": tmp_path}
    status, text, errors = run(*(each.format(**names) for each in arguments), capsys=capsys)
    assert (status, text) == (2, "")
    assert why.format(**names) in errors
    assert [each.read_text() for each in tmp_path.iterdir()] == ["somebody's"]


def test_on_a_screen_it_says_how_far_it_is(talk, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(command, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    status, _, errors = run(talk, tmp_path / "out.wav", "--no-verify", capsys=capsys)
    lines = [each.strip() for each in errors.split("\r") if each.strip()]
    assert status == 0
    assert lines[0] == "measuring, 0:02.97"
    assert lines[-1] == "writing, 100 %"
    assert errors.endswith(f"\r{'':24}\r"), "nothing is left of it"


def test_a_file_that_is_cut_off_is_told(tmp_path, capsys):
    random = np.random.default_rng(1)
    whole = write_sound(tmp_path / "whole.mp3", 0.1 * random.standard_normal((1, 8 * 16_000)), 16_000, "libmp3lame")
    half = tmp_path / "half.mp3"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    _, text, _ = run(half, tmp_path / "half.wav", "--no-verify", capsys=capsys)
    assert re.search(
        r"note: half\.mp3 says that it is 0:08\.\d\d long, and 0:0[34]\.\d\d could be read; it may be cut off\n", text
    )
    for options in ((whole, tmp_path / "whole.wav"), (half, tmp_path / "cut.wav", "--trim-end", 2)):
        assert "note:" not in run(*options, "--no-verify", capsys=capsys)[1]


def test_a_file_that_is_not_as_computed_is_told(talk, tmp_path, capsys, monkeypatch):
    write = command.write_wav

    def too_loud(path, blocks, *facts):
        write(path, (block * 1.5 for block in blocks), *facts)

    monkeypatch.setattr(command, "write_wav", too_loud)
    status, text, _ = run(talk, tmp_path / "out.wav", capsys=capsys)
    assert status == 1
    assert "NOT AS IT SHOULD BE: its true peak is " in text
    assert "NOT AS IT SHOULD BE: its loudness is -12." in text
    assert "read again and as computed" not in text


def test_the_command_needs_neither_torch_nor_what_only_the_analysis_has(talk, tmp_path):
    """As in an environment that has the group `analysis` only: whatever else is asked for cannot be imported."""
    hide(tmp_path, "torch", "torchaudio", "librosa", "matplotlib", "comfy", "kornia", "einops", "safetensors", "PIL")
    line = [sys.executable, REPOSITORY / "scripts" / "preprocess_audio_for_ltx.py", talk, tmp_path / "out.wav"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([*map(str, line)], check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    hide(tmp_path, "numpy")
    done = subprocess.run([*map(str, line)], check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "uv run --group analysis" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_of_another_length_is_told(talk, tmp_path, capsys, monkeypatch):
    write = command.write_wav

    def too_short(path, blocks, rate, names, samples):
        sound = np.concatenate(list(blocks), axis=1)[:, :-RATE]
        write(path, iter([sound]), rate, names, samples - RATE)

    monkeypatch.setattr(command, "write_wav", too_short)
    status, text, _ = run(talk, tmp_path / "out.wav", capsys=capsys)
    assert status == 1
    assert "NOT AS IT SHOULD BE: the song has 0:09.01 and the file 0:08.01" in text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(BrokenPipeError(), 0, ""), (PermissionError(13, "Permission denied", "out.wav"), 2, "error: out.wav: Permission denied")],
)
def test_whoever_reads_no_further_is_no_error_and_a_file_that_refuses_is_named(
    tmp_path, capsys, monkeypatch, error, status, said
):
    def fail(_):
        raise error

    monkeypatch.setattr(command, "run", fail)
    found, text, errors = run("in.wav", tmp_path / "out.wav", capsys=capsys)
    assert (found, text, errors.strip()) == (status, "", said)
