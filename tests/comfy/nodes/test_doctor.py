"""The doctor at the end of the shipped workflow, on a real ComfyUI: off he costs nothing, on he looks at what was rendered."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from audio_loop.demo.song import write_song

from ..shipped import shipped, write_picture

SECONDS = 3.2
WINDOWS = [[0.0, 1.96], [1.96, 3.2]]
DOCTOR, SAVER = "2600", "1604"


@pytest.fixture(scope="module")
def prompt(comfy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("doctor")
    song = comfy.add_input(write_song(folder / "doctor.wav", SECONDS))
    picture = comfy.add_input(write_picture(folder / "doctor.png"))
    return shipped(song, picture, n1604_filename_prefix="doctor/seen")


def switched_on(prompt):
    return prompt | {DOCTOR: {**prompt[DOCTOR], "inputs": prompt[DOCTOR]["inputs"] | {"enabled": True}}}


def ask(comfy, path, **query):
    """Status, headers and body of an answer."""
    url = f"{comfy.url}/audio_loop/doctor/{path}?{urllib.parse.urlencode(query, doseq=True)}"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def kept(comfy):
    return sorted(path.name for path in (comfy.output_folder / "doctor").glob("*.doctor.*"))


def test_off_it_writes_nothing_and_on_it_looks_at_what_was_rendered_without_rendering_again(comfy, prompt):
    off = comfy.run(prompt)
    assert off.outputs[DOCTOR]["text"] == ["off"]
    assert kept(comfy) == []

    on = comfy.run(switched_on(prompt))
    (video,) = on.files(SAVER)
    assert [each.filename for each in off.files(SAVER)] == [video.filename]
    (told,) = on.outputs[DOCTOR]["audio_loop_doctor"]
    stem = video.filename.removesuffix(".mp4")
    assert kept(comfy) == [f"{stem}.doctor.html", f"{stem}.doctor.json"]
    assert (told["data"], told["report"]) == (f"doctor/{stem}.doctor.json", f"doctor/{stem}.doctor.html")

    data = json.loads((comfy.output_folder / told["data"]).read_text("utf-8"))
    origin = data["origin"]
    assert data["video"]["frames"] == round(SECONDS * 25)
    # The plan is read from the graph, though it is not wired.
    assert [[each["start_seconds"], each["end_seconds"]] for each in data["windows"]] == WINDOWS
    assert (origin["video"], origin["song"], origin["picture"]) == (f"doctor/{video.filename}", "doctor.wav", "doctor.png")
    assert (comfy.output_folder / "audio_loop" / origin["run"] / "manifest.json").is_file()
    words = on.outputs[DOCTOR]["text"][0]
    assert words.startswith(data["verdict"])
    assert words.endswith(told["report"])

    # Nothing changed: it is not looked at again.
    assert comfy.run(switched_on(prompt)).outputs[DOCTOR]["audio_loop_doctor"] == [told]
    assert len(kept(comfy)) == 2

    status, _, body = ask(comfy, "findings", song="doctor.wav", folder=["video", "doctor"])
    found = json.loads(body)["found"]
    assert (status, found["data"], found["symptoms"]) == (200, told["data"], data["symptoms"])
    status, headers, body = ask(comfy, "report", name=told["report"])
    assert (status, headers.get_content_type()) == (200, "text/html")
    begins = b"""<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none';"""
    assert body.startswith(begins)
    assert body.endswith((comfy.output_folder / told["report"]).read_bytes())


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("findings", {"song": "nobody sings this.wav", "folder": "doctor"}, 200),
        ("findings", {"data": "doctor/not there.doctor.json"}, 404),
        ("findings", {"data": "../secret.doctor.json"}, 404),
        ("findings", {"song": "a", "folder": "../.."}, 404),
        ("findings", {"song": "a" * 5000}, 414),
        ("report", {"name": "doctor/seen_00001_.mp4"}, 404),
        ("report", {}, 404),
    ],
)
def test_nothing_else_is_given_out(comfy, path, query, status):
    answered, _, body = ask(comfy, path, **query)
    assert answered == status
    assert str(comfy.output_folder) not in body.decode()
    if status == 200:
        assert json.loads(body) == {"found": None}


def test_what_is_no_video_is_said_and_passed_on(comfy):
    (comfy.input_folder / "no video.mp4").write_bytes(b"x" * 5000)
    load = {"class_type": "LoadVideo", "inputs": {"file": "no video.mp4"}}
    doctor = {"class_type": "LoopDoctor", "inputs": {"video": ["1", 0], "enabled": True}}
    shown = {"class_type": "PreviewAny", "inputs": {"source": ["2", 0]}}
    outputs = comfy.run({"1": load, "2": doctor, "3": shown}).outputs
    assert outputs["2"]["text"][0].startswith("not looked at: no video.mp4")
    assert outputs["3"]["text"][0] == outputs["2"]["text"][0]


@pytest.mark.parametrize("enabled", [False, True])
def test_pictures_in_a_folder_are_not_looked_at_and_the_render_is_none_the_worse(comfy, prompt, enabled):
    saver, doctor = prompt[SAVER], prompt[DOCTOR]
    changed = prompt | {
        SAVER: {**saver, "inputs": saver["inputs"] | {"format": "png-16bit", "filename_prefix": f"doctor/pictures_{enabled}"}},
        DOCTOR: {**doctor, "inputs": doctor["inputs"] | {"enabled": enabled}},
    }
    result = comfy.run(changed)
    assert len(list(comfy.output_folder.glob(f"doctor/pictures_{enabled}*/*.png"))) == round(SECONDS * 25)
    (said,) = result.outputs[DOCTOR]["text"]
    assert said == "off" if not enabled else said.startswith("not looked at: a folder of pictures is no video")
