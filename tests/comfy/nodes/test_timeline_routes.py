"""The timeline's routes on a real server: what ComfyUI itself would load, nothing outside its folders, whatever is asked."""

from __future__ import annotations

import json
import os
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from audio_loop.comfy_host.events import Executing

from ..shipped import shipped, write_picture, write_song

PLAN, PEAKS, HEARD, WRITTEN = (f"/audio_loop/timeline/{name}" for name in ("plan", "peaks", "heard", "written"))
PLANNER = {"window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25}


def ask(url, path, query, method="GET", **headers):
    """Status and text of a request; `query` is a dictionary, or the text of one."""
    text = query if isinstance(query, str) else urllib.parse.urlencode(query)
    request = urllib.request.Request(f"{url}{path}?{text}", headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def send(url, body, content_type="application/json"):
    """Status and text of a request for a schedule."""
    request = urllib.request.Request(f"{url}{WRITTEN}", data=body, headers={"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def answered(url, path, query):
    status, text = ask(url, path, query)
    assert status == 200, text
    return json.loads(text)


def heard_out(url, path, query):
    """Status and text of a request that is made again for as long as a song is listened to."""
    while (found := ask(url, path, query))[0] == 200 and "listening" in json.loads(found[1]):
        time.sleep(0.01)
    return found


@pytest.fixture(scope="module")
def song(comfy, tmp_path_factory):
    return comfy.add_input(write_song(tmp_path_factory.mktemp("timeline") / "timeline.wav", 65.0))


def test_the_plan_is_that_of_the_planner_in_a_render(comfy, song):
    first = {"max_iterations": 0, "schedule": "", "order": "anchors first"}
    nodes = {
        "1": {"class_type": "LoadAudio", "inputs": {"audio": song}},
        "2": {"class_type": "TrimAudioDuration", "inputs": {"audio": ["1", 0], "start_index": 1.5, "duration": 50.25}},
        "3": {"class_type": "AudioLoopPlanner", "inputs": {"audio": ["2", 0], **PLANNER, **first, "windows": "2"}},
        "4": {"class_type": "PreviewAny", "inputs": {"source": ["3", 3]}},
        "5": {"class_type": "PreviewAny", "inputs": {"source": ["3", 1]}},
        "6": {"class_type": "PreviewAny", "inputs": {"source": ["3", 2]}},
        "7": {"class_type": "PreviewAny", "inputs": {"source": ["3", 8]}},
        "8": {"class_type": "PreviewAny", "inputs": {"source": ["3", 0]}},
    }
    outputs = comfy.run(nodes).outputs
    shown = [float(outputs[node]["text"][0]) for node in ("4", "5", "6")]
    query = {"audio": song, "start_seconds": 1.5, "duration_seconds": 50.25, "order": "anchors first", **PLANNER}
    plan = answered(comfy.url, PLAN, query)
    assert [plan["song_seconds"], len(plan["windows"]) - 1, plan["stride_seconds"]] == shown
    assert outputs["7"]["text"] == ["1"]
    assert "Made now: 1 of 3 windows: 2." in outputs["8"]["text"][0]
    assert [window["shows"][0] for window in plan["windows"]] == [0.0, 19.88, 35.88]


def test_peaks_come_from_the_input_output_and_temp_folders_by_comfyuis_own_names(comfy, song):
    peaks = answered(comfy.url, PEAKS, {"audio": song, "columns": 300})
    assert (len(peaks["low"]), len(peaks["high"]), peaks["song_seconds"]) == (300, 300, 65.0)
    assert min(peaks["low"]) < -10 < 10 < max(peaks["high"])
    assert answered(comfy.url, PEAKS, {"audio": f"{song} [input]", "columns": 300}) == peaks
    write_song(comfy.output_folder / "made.wav", 3.0)
    assert answered(comfy.url, PEAKS, {"audio": "made.wav [output]", "columns": 3})["song_seconds"] == 3.0


def test_a_song_is_heard_while_everybody_else_is_answered(comfy, song):
    assert answered(comfy.url, HEARD, {"audio": song, "listen": 0}) == {"listening": None}
    answers, slowest = [], 0.0
    while "listening" in (answer := answered(comfy.url, HEARD, {"audio": song})):
        answers.append(answer["listening"])
        begun = time.monotonic()
        assert ask(comfy.url, "/queue", {})[0] == 200
        slowest = max(slowest, time.monotonic() - begun)
        assert len(answers) < 3000
        time.sleep(0.02)
    assert answers == sorted(answers)
    assert (answers[0], answers[-1] > 0.1) == (0.0, True)
    assert slowest < 1.0
    sections = answer["sections"]
    assert (answer["song_seconds"], sections[0]["start_seconds"], sections[-1]["end_seconds"]) == (65.0, 0.0, 65.0)
    part = answered(comfy.url, HEARD, {"audio": song, "start_seconds": 5, "duration_seconds": 30})
    assert (part["song_seconds"], part["sections"][-1]["end_seconds"]) == (30.0, 30.0)
    # Asked of the page that is opened again, without listening again.
    assert answered(comfy.url, HEARD, {"audio": song, "listen": 0}) == answer


def test_a_song_that_cannot_be_heard_is_refused_in_a_sentence(comfy):
    (comfy.input_folder / "words.wav").write_text("no sound at all\n" * 100)
    status, text = heard_out(comfy.url, HEARD, {"audio": "words.wav"})
    assert status == 422
    assert json.loads(text)["error"].startswith("words.wav cannot be read as sound: ")


def test_a_schedule_is_written_from_the_song_and_nothing_else_is_read(comfy, song):
    settings = {name: str(value) for name, value in PLANNER.items()}
    asked = json.dumps({"song": {"audio": song, **settings}, "wishes": {"subject": "An old man", "style": "none"}}).encode()
    while "listening" in (answer := json.loads(send(comfy.url, asked)[1])):
        time.sleep(0.01)
    assert all(": An old man is " in line for line in answer["schedule"].split("\n"))
    assert send(comfy.url, b'{"song": {}}')[0] == 400
    assert send(comfy.url, b"\xff")[0] == 400
    assert send(comfy.url, asked, "text/plain")[0] == 415
    assert send(comfy.url, b'"' + b" " * 70_000 + b'"')[0] == 413
    gone = asked.replace(song.encode(), b"gone.wav")
    assert send(comfy.url, gone) == (
        404,
        '{"error": "there is no song \'gone.wav\' in ComfyUI\'s input folder; choose it again"}',
    )


@pytest.fixture
def outside(comfy):
    """Names that lead to a song outside of the input folder, or to what is no song."""
    folder = comfy.input_folder
    secret = write_song(folder.parent / "secret.wav", 2.0)
    (folder / "link.wav").symlink_to(secret)
    (folder / "linked").symlink_to(folder.parent)
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe.wav")
    (folder / "list.wav").write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    (folder / "list.m3u8").write_text(f"#EXTM3U\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n")
    spelled = ["../secret.wav", str(secret), f"file:{secret}", f"file://{secret}", "sub/../../secret.wav", "..\\secret.wav"]
    spelled += ["link.wav", "linked/secret.wav", "../secret.wav [input]", "../../secret.wav [output]", "..//secret.wav [temp]"]
    spelled += ["%2e%2e/secret.wav", "./", "sub", ".", "..", "", " ", "\0", "a\0.wav", "pipe.wav", "list.wav", "list.m3u8"]
    spelled += ["/dev/zero", "/proc/self/environ", "http://127.0.0.1:1/x.wav", "concat:link.wav|link.wav", "con", "nul"]
    spelled += ["x" * 255, "x" * 3000, "é" * 400, "[output]", "[input]", "\U0001f3a4"]
    yield spelled
    for name in ("link.wav", "linked", "pipe.wav", "list.wav", "list.m3u8"):
        (folder / name).unlink()
    (folder / "sub").rmdir()


def test_no_name_leads_out_of_the_folders(comfy, outside):
    for name in outside:
        for path, settings in ((PEAKS, {"columns": 10}), (PLAN, PLANNER), (HEARD, {})):
            status, text = heard_out(comfy.url, path, {"audio": name, **settings})
            assert 400 <= status < 500, (name, text)
            assert list(json.loads(text)) == ["error"], (name, text)
            assert str(comfy.input_folder.parent) not in text or str(comfy.input_folder.parent) in name


def test_requests_drawn_at_random_are_answered_or_refused_in_a_sentence(comfy, song):
    draw = random.Random(11)
    odd = ["", "0", "-1", "1e400", "1e-400", "nan", "inf", "1/0", "1/3", "9" * 39, "9" * 300, "0x10", "٣", "true", "%00", song]
    names = ["audio", "song_seconds", "start_seconds", "duration_seconds", "window_seconds", "overlap_seconds", "fps"]
    names += ["last_window", "max_iterations", "columns", "from_seconds", "to_seconds", "x" * 100, ""]
    statuses = set()
    for _ in range(300):
        path = draw.choice([PLAN, PEAKS])
        query = {"audio": song, **(PLANNER if path == PLAN else {"columns": 20})}
        for _ in range(draw.randint(1, 3)):
            query[draw.choice(names)] = draw.choice(odd)
        status, text = ask(comfy.url, path, query)
        statuses.add(status)
        assert status == 200 or (400 <= status < 500 and json.loads(text)["error"]), (query, status, text)
        assert len(text) < 10**6
    assert {200, 400, 404} <= statuses
    assert ask(comfy.url, PEAKS, "audio=" + "x" * 6000)[0] == 414
    assert ask(comfy.url, PEAKS, "audio=a&audio=b&&&=&%ff%fe=%zz")[0] == 400


def test_only_reading_and_only_from_the_same_page(comfy, song):
    query = {"audio": song, "columns": 5}
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(comfy.url, PEAKS, query, method)[0] == 405
    assert ask(comfy.url, PEAKS, query, "HEAD") == (200, "")
    for foreign in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        status, text = ask(comfy.url, PEAKS, query, **foreign)
        assert (status, text) == (403, "")


def test_five_hundred_at_once_during_a_render_are_answered_or_sent_away(comfy, song, tmp_path):
    picture = comfy.add_input(write_picture(tmp_path / "crowd.png"))
    short = comfy.add_input(write_song(tmp_path / "crowd.wav", 5.0))
    answers = []

    def crowd(event):
        if isinstance(event, Executing) and not answers:
            with ThreadPoolExecutor(64) as pool:
                columns = range(1, 501)
                answers.extend(pool.map(lambda n: ask(comfy.url, PEAKS, {"audio": song, "columns": n % 40 + 1}), columns))

    comfy.run(shipped(short, picture, n2204_value="crowd"), on_event=crowd, timeout=300)
    statuses = [status for status, _ in answers]
    assert len(statuses) == 500
    assert set(statuses) <= {200, 429}
    assert statuses.count(200) >= 100
