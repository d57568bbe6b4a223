"""`scripts/analyze_audio_features.py` as people run it, on one short song that is made here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import wave
from dataclasses import replace
from shlex import split
from unittest.mock import MagicMock

import jsonschema
import numpy as np
import pytest
from PIL import Image

from audio_loop.analysis_report.check_command import main as check
from audio_loop.analysis_report.command import _parser, main
from audio_loop.analysis_report.markdown import markdown
from audio_loop.analysis_report.pictures import drawing
from audio_loop.analysis_report.pictures.heard import OUTLINE_COLUMNS, HeardForPictures, PictureListener
from audio_loop.analysis_report.report import make_report
from audio_loop.analysis_report.song import read_song
from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.loop_control.plan import make_plan
from audio_loop.prompting.visible_boundaries import visible_boundaries
from audio_loop.prompting.wishes import make_wishes
from audio_loop.schedule.parser import parse_schedule

from ..audio.sound_report.reports import FINE
from ..prompting.songs import analysed, planned

SUBJECT = "A woman with silver hair in a red coat"
RATE = 16000
SECONDS = 24.0
WISHES = ("-s", SUBJECT, "--image-desc", "on an old stage", "--style", "painterly", "--scene-diversity", "3b", "--montage")
GRID = ("--window", "6.04", "--overlap", "1", "--fps", "24000/1001", "-t", "2")


def written(path, seconds=SECONDS):
    """Chords that change after half of it, and get louder."""
    times = np.arange(round(seconds * RATE)) / RATE
    chord = np.where(times < seconds / 2, 0.0, 3.0)
    sound = sum(np.sin(2 * np.pi * 220 * 2 ** ((chord + step) / 12) * times) for step in (0, 4, 7))
    sound *= np.where(times < seconds / 2, 0.05, 0.2) * (0.4 + 0.6 * ((times * 2) % 1 < 0.3))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767 / 1.5).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a song and everything that the command writes for it."""
    folder = tmp_path_factory.mktemp("analysis")
    song = written(folder / "song.wav")
    outputs = ("-o", str(folder / "out.md"), "-j", str(folder / "out.json"), "--png-dir", str(folder / "new" / "pictures"))
    assert main([str(song), *WISHES, *GRID, *outputs]) == 0
    return folder


@pytest.fixture(scope="module")
def data(folder):
    return json.loads((folder / "out.json").read_text("utf-8"))


def test_the_data_fit_their_schema(data):
    schema = json.loads((REPOSITORY / "analysis_report" / "schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "workflow_context": {}}, schema)


def test_the_timing_is_that_of_the_planner(data):
    plan = make_plan(
        audio_samples=round((SECONDS - 2) * RATE),
        sample_rate=RATE,
        window_seconds="6.04",
        overlap_seconds="1",
        fps="24000/1001",
    )
    context = data["workflow_context"]
    assert [each["seconds"] for each in context["visible_boundaries"]] == [float(each) for each in visible_boundaries(plan)]
    assert context["visible_boundaries"][0] == {"seconds": 0.0, "text": "0:00.00"}
    assert context["stride_seconds"] == float(plan.stride)
    assert context["overlap_effective_seconds"] == float(plan.overlap)
    assert (context["fps"], context["iterations"], context["trim_offset_seconds"]) == ("24000/1001", plan.iterations, 2.0)
    assert context["initial_render_covers_seconds"] == float(plan.visible_from(1))
    assert data["duration_seconds"] == pytest.approx(22.0)
    wishes = {name: context[name] for name in ("subject", "image_description", "style", "scene_diversity", "montage")}
    assert [*wishes.values()] == [SUBJECT, "on an old stage", "painterly", "3b", True]


def test_the_schedule_is_the_same_everywhere_and_passes_the_check(folder, data, capsys):
    text = data["schedule"]["text"]
    assert [entry.value for entry in parse_schedule(text).entries] == [entry["prompt"] for entry in data["schedule"]["entries"]]
    assert all(entry["prompt"].startswith(f"Style: painterly. {SUBJECT} is ") for entry in data["schedule"]["entries"])
    page = (folder / "out.md").read_text("utf-8")
    assert f"```text\n{text}\n```" in page
    assert text.split("\n")[0] in data["llm_system_prompt"]
    (command_line,) = re.findall(r"`python scripts/(check_schedule\.py .*)`", page)
    (folder / "answer.txt").write_text(f"Here you are:\n```\n{text}\n```\n", "utf-8")
    arguments = [str(folder / "answer.txt") if each == "answer.txt" else each for each in split(command_line)[1:]]
    assert check([*arguments, "--strict", "--image-desc", "on an old stage", "--style", "painterly"]) == 0
    assert capsys.readouterr().out.startswith("OK: nothing found")


def test_the_page_says_what_was_heard(folder):
    page = (folder / "out.md").read_text("utf-8")
    for heading in (
        "# song.wav",
        "## Sections",
        "## Windows",
        "## Sound",
        "## Schedule",
        "## Negative prompt",
        "## How to go on",
    ):
        assert f"{heading}\n" in page
    assert "- Length 0:22.00, " in page
    assert "Times count from 2.0 s on" in page
    assert "photorealistic" in page.partition("## Negative prompt")[2]


def test_the_pictures_show_something(folder):
    pictures = {path.stem: Image.open(path).convert("RGB") for path in (folder / "new" / "pictures").glob("song_*.png")}
    assert set(pictures) == {"song_waveform", "song_mel", "song_chroma", "song_self_similarity"}
    for name, picture in pictures.items():
        assert picture.width >= 1000, name
        assert len(picture.getcolors(1 << 22)) > 60, name


def test_nothing_is_overwritten(folder, capsys):
    before = (folder / "out.md").read_bytes()
    assert main([str(folder / "song.wav"), "-o", str(folder / "out.md")]) == 0
    assert (folder / "out.md").read_bytes() == before
    assert capsys.readouterr().err == f"{folder / 'out-2.md'} (there is a out.md already)\n"
    assert (folder / "out-2.md").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--style", "paint"), "style is 'paint'; it is one of"),
        (("--scene-diversity", "9"), "scene diversity is '9'"),
        (("--kind", "song"), "kind is 'song'"),
        (("-t", "90"), "song.wav"),
        (("--fps", "none"), "fps is 'none'"),
        (("--vocal-track", "missing.wav"), "missing.wav cannot be read"),
        (("--png-dir", __file__), "test_command.py is a file; name a folder"),
        (("-o", "nowhere/out.md"), "there is no folder nowhere; make it first"),
    ],
)
def test_what_cannot_be_done_is_refused(folder, capsys, options, message):
    assert main([str(folder / "song.wav"), *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error


def test_without_matplotlib_it_says_how_to_get_it(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main([str(folder / "song.wav"), "--png-dir", str(folder)]) == 2
    assert capsys.readouterr().err == f"error: {drawing.HINT}\n"


def test_it_needs_no_torch_and_no_librosa(folder):
    code = (
        "import atexit, runpy, sys; sys.path.insert(0, 'scripts'); "
        f"sys.argv = ['analyze_audio_features.py', {str(folder / 'song.wav')!r}]; "
        "atexit.register(lambda: print({'torch', 'librosa', 'matplotlib'} & {*sys.modules})); "
        "runpy.run_path('scripts/analyze_audio_features.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=REPOSITORY)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"# song.wav\n")
    assert done.stdout.endswith(b"set()\n")


def test_without_a_file_to_write_the_page_goes_to_the_console(folder, capsys):
    before = sorted(path.name for path in folder.iterdir())
    assert main([str(folder / "song.wav")]) == 0
    assert capsys.readouterr().out.startswith("# song.wav\n")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("sound", "is_told"), [(FINE, False), (replace(FINE, band_levels_db=(-24.0, -22.0, -26.0, -28.0, -47.0)), True)]
)
def test_only_a_sound_that_is_not_fine_is_to_be_mended_first(folder, sound, is_told):
    options = _parser().parse_args([str(folder / "song.wav")])
    report = make_report(options.audio, read_song(options.audio, options), None, make_wishes())
    page = markdown(replace(report, sound=sound))
    assert ("1. Mend the sound as said above" in page) is is_told
    assert ("1. Paste the schedule into" in page) is not is_told


def heard_for(analysis, steps):
    """What a picture of the song is drawn from, all of it flat."""
    flat = np.zeros(100, np.float32)
    square = np.zeros((steps, steps), np.float32)
    edges = np.linspace(0, analysis.duration_seconds, steps + 1)
    return HeardForPictures(flat - 0.5, flat + 0.5, flat[:, None], flat[:, None], edges, square, square)


def drawn(draw, analysis, plan):
    """(words and where they stand, kinds of voice) of a picture whose axes only take notes."""
    axes = MagicMock()
    heard = heard_for(analysis, 10)
    if draw is drawing._waveform:
        draw(axes, heard, analysis, plan)
    else:
        draw(MagicMock(), axes, heard, analysis)
    texts = [call.args for call in axes.text.call_args_list]
    return texts, [call.kwargs["label"] for call in axes.broken_barh.call_args_list]


def test_a_waveform_names_sections_with_room_voices_that_are_heard_and_some_windows_of_many():
    sections = [(0.0, "verse", "A", "medium"), (295.0, "break", "B", "quiet"), (300.0, "chorus", "C", "loud"), (600.0,)]
    song = analysed(sections, [(10.0, 40.0, "singing"), (50.0, 60.0, "crowd")])
    plan = planned(song, window=6.0, overlap=1.0)
    texts, voices = drawn(drawing._waveform, song, plan)
    words = [text for _, _, text in texts]
    assert ("verse A" in words, "break B" in words, "chorus C" in words) == (True, False, True)
    assert voices == ["singing", "crowd"]
    numbers = [int(text) for text in words if text.isdigit()]
    count = len(visible_boundaries(plan))
    assert count > drawing.MOST_NUMBERS
    assert numbers == list(range(0, count, -(-count // drawing.MOST_NUMBERS)))


def test_a_self_similarity_names_sections_that_have_room():
    song = analysed([(0.0, "verse", "A", "medium"), (595.0, "break", "B", "quiet"), (600.0,)])
    texts, _ = drawn(drawing._self_similarity, song, planned(song))
    assert [text[2] for text in texts] == ["A"]


@pytest.mark.parametrize("more", [0, 5])
def test_the_outline_holds_every_sample_whatever_pieces_it_comes_in(more):
    width = 16
    samples = np.random.default_rng(0).uniform(-1, 1, 3000 * width + more).astype(np.float32)
    listener = PictureListener(OUTLINE_COLUMNS * width / LISTENING_HZ)
    for piece in (samples[:3], samples[3:20], samples[20:]):
        listener.add(piece)
    found = listener.result(analyse([samples]))
    assert len(found.lowest) == len(found.highest) == 3000 + (more > 0)
    assert np.array_equal(found.lowest[:3000], samples[: 3000 * width].reshape(-1, width).min(1))
    assert found.highest[-1] == samples[3000 * width :].max() if more else samples[-width:].max()
