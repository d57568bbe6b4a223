"""A case of what lies on disk: the video, its run, the workflow in it, the song."""

from __future__ import annotations

import copy
import json
import os
import shutil
import wave
from fractions import Fraction

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor import finding_files
from audio_loop.doctor.case_of_files import GivenFiles, open_case
from audio_loop.doctor.finding_files import (
    CaseError,
    FoundVideo,
    find_song,
    find_video,
    is_run_of,
    read_given_workflow,
    read_workflow,
    run_of_video,
)
from audio_loop.loop_control.errors import PlanError
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.shipped import music_video_latent

from .small_videos import write_video

STORED = REPOSITORY / "tests" / "golden" / "stored_runs" / "audio_loop"
UNNAMED, NAMED = "stored_song_2026-11-27_5c5b1245", "unfinished"
SAVED_LATER = 4_000_000_000


def prompt(song="stored_song.wav", run=""):
    """A prompt that names a song and a run."""
    return {
        "1": {"class_type": "LoadAudio", "inputs": {"audio": song}},
        "2": {"class_type": "IterationCheckpoint", "inputs": {"run_name": run}},
    }


def write_song(path, seconds):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * seconds))
    return path


@pytest.fixture
def output(tmp_path):
    """An output folder with both stored runs."""
    shutil.copytree(STORED, tmp_path / "output" / "audio_loop")
    return tmp_path / "output"


@pytest.fixture(scope="module")
def default():
    return music_video_latent.build().workflow()


def test_the_video_of_a_run_with_a_name_is_the_one_whose_prompt_names_it(output):
    write_video(output / "video" / "other.mp4", prompt=prompt())
    own = write_video(output / "video" / "mine.mp4", prompt=prompt(run=NAMED))
    assert find_video(output / "audio_loop" / NAMED).path == own


def test_the_video_of_a_run_without_a_name_is_of_its_song_and_saved_after_its_windows(output):
    earlier = write_video(output / "before.mp4", prompt=prompt())
    os.utime(earlier, (0, 0))
    other = write_video(output / "another_song.mp4", prompt=prompt("another.wav"))
    own = write_video(output / "video" / "mine.mp4", prompt=prompt())
    for path in (other, own):
        os.utime(path, (SAVED_LATER, SAVED_LATER))
    assert find_video(output / "audio_loop" / UNNAMED).path == own


@pytest.mark.parametrize("run", [NAMED, UNNAMED])
def test_a_run_whose_video_cannot_be_told_asks_for_it(output, run):
    write_video(output / "video" / "other.mp4", prompt=prompt("another.wav"))
    with pytest.raises(CaseError, match="Give the video itself"):
        find_video(output / "audio_loop" / run)


def test_a_folder_with_one_video_and_a_workflow_is_an_experiment(tmp_path, default):
    video = write_video(tmp_path / "elsewhere" / "LTX-2_7.mp4")
    folder = tmp_path / "data" / "runs" / "7"
    folder.mkdir(parents=True)
    (folder / "video.mp4").symlink_to(video)
    (folder / "workflow.json").write_text(json.dumps(default), "utf-8")
    opened = open_case(GivenFiles(folder))
    assert opened.origin.workflow == default
    assert opened.case.plan is not None


@pytest.mark.parametrize(("names", "message"), [((), "holds no video and no run"), (("a.mp4", "b.mp4"), "holds 2 videos")])
def test_a_folder_without_a_video_or_with_several_is_refused(tmp_path, names, message):
    for name in names:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CaseError, match=message):
        find_video(tmp_path)


def test_a_run_tells_the_plan_and_what_disagrees_with_it(output):
    write_video(output / "mine.mp4", prompt=prompt(run=UNNAMED))
    opened = open_case(GivenFiles(output / "mine.mp4"))
    assert opened.case.plan.stride == Fraction(16, 25)
    assert f"Run: {UNNAMED}." in opened.origin.known
    assert f"Plan and video disagree: {opened.case.plan.frames_delivered} and 50 frames." in opened.origin.known
    assert opened.origin.not_finite == ()


def test_the_workflow_in_the_video_tells_plan_schedule_and_song(tmp_path, default):
    song = write_song(tmp_path / "input" / "song.mp3", 40)
    video = write_video(tmp_path / "output" / "video" / "a.mp4", workflow=default)
    opened = open_case(GivenFiles(video))
    assert opened.case.song == song
    assert (opened.case.plan.window_px, len(opened.case.plan.windows)) == (497, 3)
    assert opened.case.schedule.startswith("0:00")
    assert opened.origin.not_looked_at == ()
    assert "for the whole song" in " ".join(opened.origin.known)


def test_a_song_that_the_workflow_cuts_in_front_is_heard_from_there_and_one_that_is_given_is_not(tmp_path, default):
    song = write_song(tmp_path / "input" / "song.mp3", 60)
    cut = copy.deepcopy(default)
    next(node for node in cut["nodes"] if node["type"] == "TrimAudioDuration")["widgets_values"] = [12.5, 30.0]
    video = write_video(tmp_path / "output" / "a.mp4", workflow=cut)
    found, given = open_case(GivenFiles(video)).case, open_case(GivenFiles(video, audio=song)).case
    assert (found.song, found.song_start_seconds) == (song, 12.5)
    assert (given.song, given.song_start_seconds) == (song, 0.0)


def test_without_its_song_the_plan_is_that_of_a_song_as_long_as_the_video(tmp_path, default):
    opened = open_case(GivenFiles(write_video(tmp_path / "a.mp4", workflow=default)))
    assert opened.case.plan.song_frames == 50
    assert opened.case.song is None
    assert any("--audio F" in each for each in opened.origin.not_looked_at)


def test_of_a_bare_video_it_says_what_would_help(tmp_path):
    opened = open_case(GivenFiles(write_video(tmp_path / "a.mp4")))
    assert (opened.case.plan, opened.case.song, opened.case.schedule, opened.origin.workflow) == (None,) * 4
    told = " ".join(opened.origin.not_looked_at)
    assert all(option in told for option in ("--workflow F", "--audio F", "--schedule F"))


def test_what_is_given_counts_before_what_is_found(tmp_path, default):
    schedule = tmp_path / "s.txt"
    schedule.write_text("Here you are:\n```\n0:00+: A dog is running.\n```\n", "utf-8")
    song = write_song(tmp_path / "mine.wav", 60)
    video = write_video(tmp_path / "a.mp4", workflow=default)
    opened = open_case(GivenFiles(video, audio=song, schedule=schedule))
    assert opened.case.schedule.strip() == "0:00+: A dog is running."
    assert opened.case.song == song
    assert opened.case.plan.audio_samples == 60 * 8000
    assert opened.origin.names == {"SONG": str(song), "SCHEDULE": str(schedule)}


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(CaseError, match=r"nothing\.json is no file"):
        open_case(GivenFiles(tmp_path / "a.mp4", workflow=tmp_path / "nothing.json"))
    with pytest.raises(CaseError, match="neither a file nor a folder"):
        open_case(GivenFiles(tmp_path / "a.mp4"))


def test_a_run_that_a_video_names_but_that_is_gone_is_not_its_run(output):
    video = write_video(output / "mine.mp4", prompt=prompt(run="deleted"))
    assert run_of_video(video) == FoundVideo(video)


def test_a_video_without_a_readable_graph_holds_no_workflow(tmp_path):
    video = write_video(tmp_path / "a.mp4", prompt="words", workflow="words")
    assert read_workflow(video) is None
    with pytest.raises(DocumentError, match=r"a\.mp4 holds no workflow; give the JSON file that ComfyUI saves"):
        read_given_workflow(video)


def test_a_workflow_is_taken_out_of_another_video(tmp_path, default):
    other = write_video(tmp_path / "other.mp4", workflow=default)
    opened = open_case(GivenFiles(write_video(tmp_path / "a.mp4"), workflow=other))
    assert opened.origin.workflow == default
    assert f"Workflow: {other}." in opened.origin.known
    assert opened.origin.names["FILE"] == str(other)


def test_the_video_of_an_experiment_may_be_named_in_a_text(tmp_path):
    video = write_video(tmp_path / "elsewhere" / "LTX-2_7.mp4")
    (folder := tmp_path / "7").mkdir()
    (folder / "video.mp4.txt").write_text(f"{tmp_path / 'gone.mp4'}\n {video} \n", "utf-8")
    assert find_video(folder).path == video


def test_of_very_many_videos_only_the_first_are_looked_at(output, monkeypatch):
    for number in range(3):
        write_video(output / f"{number}.mp4", 1, prompt=prompt(run=NAMED))
    looked = []
    monkeypatch.setattr(finding_files, "_MOST_VIDEOS", 2)
    monkeypatch.setattr(finding_files, "_values", lambda path, _: looked.append(path) or ())
    with pytest.raises(CaseError, match="cannot be told"):
        find_video(output / "audio_loop" / NAMED)
    assert len(set(looked)) == 2


def test_without_a_name_there_is_no_song_to_seek(tmp_path):
    assert find_song(None, tmp_path / "a.mp4", None) is None
    assert find_song("", tmp_path / "a.mp4", tmp_path) is None


@pytest.mark.parametrize(("song", "own"), [("stored_song.wav", True), ("another.wav", False)])
def test_a_run_is_of_the_song_that_its_folder_begins_with(tmp_path, song, own):
    assert is_run_of(tmp_path / UNNAMED, song) == own
    assert not is_run_of(tmp_path / "stored_song_soon_5c5b1245", song)


def test_a_song_that_cannot_be_read_is_refused_if_it_is_given_and_passed_over_if_it_was_found(tmp_path, default):
    song = tmp_path / "input" / "song.mp3"
    song.parent.mkdir()
    song.write_text("no sound at all")
    video = write_video(tmp_path / "output" / "a.mp4", workflow=default)
    with pytest.raises(PlanError, match=r"song\.mp3"):
        open_case(GivenFiles(video, audio=song))
    opened = open_case(GivenFiles(video))
    assert opened.case.plan.song_frames == 50, "a song as long as the video is taken"


def test_a_plan_of_other_frames_per_second_disagrees(tmp_path, default):
    opened = open_case(GivenFiles(write_video(tmp_path / "a.mp4", fps=30, workflow=default)))
    assert "Plan and video disagree: 25 and 30 frames per second." in opened.origin.known


def test_a_damaged_video_says_what_could_not_be_looked_at(tmp_path):
    path = write_video(tmp_path / "a.mp4")
    data = bytearray(path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[(begin + end) // 2 : end] = bytes(end - (begin + end) // 2)
    path.write_bytes(data)
    told = open_case(GivenFiles(path)).origin.not_looked_at
    assert told[0].startswith("The rest of the video: ")
    assert "damaged" in told[0]
