"""Pictures at the moments that were found: the right frames."""

from __future__ import annotations

import base64
import io
from types import SimpleNamespace

import pytest
from PIL import Image

from audio_loop.doctor.report import thumbnails
from audio_loop.doctor.report.thumbnails import MOST_IN_ALL, pictures_of
from audio_loop.doctor.seen import Stretch, Symptom

from ..diagnoses import diagnosis
from ..small_videos import write_video


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    return write_video(tmp_path_factory.mktemp("video") / "a.mp4", 100)


def frame_of(thumbnail):
    """The number of the frame, which its brightness says."""
    picture = Image.open(io.BytesIO(base64.b64decode(thumbnail.data_uri.partition(",")[2])))
    return round((picture.convert("L").resize((1, 1)).getpixel((0, 0)) - 39.5) / 2)  # in RGB some levels come out one lower


def shown(video, *stretches, kind="visible_cut"):
    symptom = Symptom(kind, 2.0, "", stretches, ())
    return pictures_of(video, diagnosis(symptoms=(symptom,), frames=100))


def test_a_cut_shows_the_frame_before_it_and_its_first(video):
    (place,) = shown(video, Stretch(1.6, 1.64, 1))
    assert [(each.label, frame_of(each)) for each in place.thumbnails] == [("before", 39), ("there", 40), ("after", 53)]


def test_a_window_shows_its_middle_and_what_lies_beside_it(video):
    (place,) = shown(video, Stretch(1.0, 2.0, 1), kind="odd_window")
    assert [(each.label, frame_of(each)) for each in place.thumbnails] == [("before", 23), ("there", 37), ("after", 52)]


def test_a_whole_video_shows_its_start_and_its_end(video):
    (place,) = shown(video, Stretch(0.0, 4.0), kind="colour_drift")
    assert [(each.label, frame_of(each)) for each in place.thumbnails] == [("start", 0), ("there", 50), ("end", 99)]


def test_at_the_edges_nothing_is_made_up(video):
    (first,) = shown(video, Stretch(0.0, 0.5), kind="frozen_start")
    (last,) = shown(video, Stretch(3.96, 4.0))
    assert [each.label for each in first.thumbnails] == ["there", "after"]
    assert [(each.label, frame_of(each)) for each in last.thumbnails] == [("before", 98), ("there", 99)]


def test_many_places_are_the_worst_of_each_symptom(video):
    many = tuple(Stretch(k / 25, (k + 1) / 25) for k in range(1, 90))
    kinds = ("visible_cut", "duplicated_frames", "black_window", "odd_window", "missing_frames", "frozen_window")
    symptoms = tuple(Symptom(kind, 2.0, "", many, ()) for kind in kinds)
    found = pictures_of(video, diagnosis(symptoms=symptoms, frames=100))
    assert len(found) == MOST_IN_ALL
    assert {each.kind for each in found} == set(kinds)


def test_sound_has_no_pictures_and_a_file_that_is_gone_none_either(video, tmp_path):
    assert shown(video, Stretch(0.0, 4.0), kind="audio_offset") == ()
    (place,) = shown(tmp_path / "gone.mp4", Stretch(1.0, 1.04))
    assert place.thumbnails == ()


def test_a_moment_of_which_no_frame_is_found_has_no_picture(video, monkeypatch):
    found = thumbnails._frame_at
    monkeypatch.setattr(thumbnails, "_frame_at", lambda file, at, *more: None if at > 1.7 else found(file, at, *more))
    (place,) = shown(video, Stretch(1.6, 1.64, 1))
    assert [each.label for each in place.thumbnails] == ["before", "there"]


def test_a_frame_without_a_time_is_taken_as_it_comes():
    frames = [SimpleNamespace(pts=0), SimpleNamespace(pts=None), SimpleNamespace(pts=2)]
    container = SimpleNamespace(seek=lambda *_, **__: None, decode=lambda _: iter(frames))
    file = SimpleNamespace(container=container, stream=None)
    assert thumbnails._frame_at(file, 9.0, 1.0, 1.0) is frames[1]
    frames[1].pts = 1
    assert thumbnails._frame_at(file, 9.0, 1.0, 1.0) is frames[2]
