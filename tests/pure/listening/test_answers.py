"""What the page is told of a song: everything that is heard, cut as Trim Audio Duration cuts, and never begun unasked."""

from __future__ import annotations

import json
import re
import time
import wave

import pytest

from audio_loop.audio.analysis.song_analysis import Beats, Key, Section, SongAnalysis, Tempo, Voice, VoiceStretch
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.listening.answers import ListeningAnswers
from audio_loop.listening.heard_songs import HeardSongs
from audio_loop.prompting.wishes import DIVERSITIES, KINDS, STYLES, WishError
from audio_loop.schedule.parser import parse_schedule
from audio_loop.timeline.answers import NoSongError
from audio_loop.timeline.query import QueryError
from audio_loop.timeline.songs import Songs

SETTINGS = {"audio": "song.wav", "window_seconds": "19.88", "overlap_seconds": "2.0", "fps": "25"}

SONG = SongAnalysis(
    duration_seconds=64.0,
    tempo=Tempo(120.004, 0.9, 60.0),
    beats=Beats(tuple(index / 2 for index in range(128)), tuple(range(0, 128, 4)), 4),
    key=Key("F#", "minor", 0.8),
    sections=(
        Section(0.0, 30.12345, "verse", "A", "quiet", -20.0, 0.5, 2.0),
        Section(30.12345, 64.0, "chorus", "B", "loud", -10.0, 0.5, 2.0),
    ),
    voice=Voice((VoiceStretch(5.0, 25.0, "singing"),), 0.3125, 220.0, 110.0, 440.0, 0.3),
    level_db=(-20.0,) * 64,
    onset_seconds=(),
)


@pytest.fixture
def heard():
    """Names of the songs that were listened to."""
    return []


@pytest.fixture
def answers(tmp_path, heard):
    with wave.open(str(tmp_path / "song.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(4000)
        file.writeframes(bytes(4000 * 64))

    def listen(path, report):
        heard.append(path.name)
        return SONG

    return ListeningAnswers(lambda name: str(tmp_path / name), Songs(), HeardSongs(listen))


def listened(answers, **query):
    deadline = time.monotonic() + 10
    while "listening" in (answer := json.loads(answers.heard({"audio": "song.wav", **query}))):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return answer


def test_nothing_is_begun_unasked(answers, heard):
    for _ in range(3):
        assert json.loads(answers.heard({"audio": "song.wav", "listen": "0"})) == {"listening": None}
    assert heard == []
    whole = listened(answers)
    assert json.loads(answers.heard({"audio": "song.wav", "listen": "0"})) == whole
    assert heard == ["song.wav"]


def test_a_song_is_told_whole(answers):
    whole = listened(answers)
    assert (whole["song_seconds"], whole["tempo_bpm"], whole["beats_per_bar"], whole["key"]) == (64.0, 120.0, 4, "F# minor")
    assert (len(whole["beats"]), whole["bars"][:3]) == (128, [0, 4, 8])
    assert whole["sections"][0] == {
        "start_seconds": 0.0,
        "end_seconds": 30.123,
        "label": "verse",
        "letter": "A",
        "level": "quiet",
    }
    stretch = {"start_seconds": 5.0, "end_seconds": 25.0, "kind": "singing"}
    assert whole["voice"] == {"fraction": 0.312, "stretches": [stretch]}


def test_a_cut_song_is_told_from_the_cut_on_and_heard_once(answers, heard):
    part = listened(answers, start_seconds="10", duration_seconds="40")
    assert part["song_seconds"] == 40.0
    assert [each["start_seconds"] for each in part["sections"]] == [0.0, 20.123]
    assert part["voice"]["stretches"] == [{"start_seconds": 0.0, "end_seconds": 15.0, "kind": "singing"}]
    assert part["beats"][0] == 0.0
    # As Trim Audio Duration: below 0 counts from the end, and a length beyond it ends there.
    assert listened(answers, start_seconds="-24", duration_seconds="100")["song_seconds"] == 24.0
    with pytest.raises(QueryError, match="leave nothing of the song"):
        answers.heard({"audio": "song.wav", "start_seconds": "64"})
    assert heard == ["song.wav"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "audio is missing"),
        ({"audio": "song.wav", "window_seconds": "19.88"}, "'window_seconds' is not asked for here"),
        ({"audio": "song.wav", "listen": "yes"}, "listen is a whole number from 0 to 1"),
        ({"audio": "song.wav", "start_seconds": "soon"}, "start_seconds"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(answers, heard, query, said):
    with pytest.raises(QueryError, match=said):
        answers.heard(query)
    assert heard == []


def test_a_song_that_is_not_there_is_refused(answers):
    with pytest.raises(NoSongError, match=r"there is no song 'gone\.wav'"):
        answers.heard({"audio": "gone.wav"})


def written(answers, song=SETTINGS, **wishes):
    asked = json.dumps({"song": song, "wishes": wishes})
    while "listening" in (answer := json.loads(answers.written(asked))):
        time.sleep(0.002)
    return answer


def test_a_schedule_is_written_from_what_is_heard(answers):
    answer = written(answers, subject="An old man", style="painterly", diversity="3b", kind="music", montage=True, variation=2)
    assert set(answer) == {"schedule", "negative_prompt", "remarks"}
    entries = parse_schedule(answer["schedule"]).entries
    assert len(entries) > 2
    assert all(entry.value.startswith("Style: painterly. An old man is ") for entry in entries)
    assert answer["negative_prompt"]
    assert all(isinstance(remark, str) for remark in answer["remarks"])
    assert written(answers, subject="An old man")["schedule"] != answer["schedule"]


def test_a_schedule_for_a_cut_song_lies_in_the_part(answers, heard):
    part = {**SETTINGS, "start_seconds": "20", "duration_seconds": "30"}
    last = parse_schedule(written(answers, part)["schedule"]).entries[-1]
    assert 15 < last.start < 30
    assert heard == ["song.wav"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "the request is no JSON"),
        ("[" * 100_000, "the request is no JSON"),
        ("[]", 'send {"song": ..., "wishes": ...}'),
        ({"song": SETTINGS}, 'send {"song": ..., "wishes": ...}'),
        ({"song": [], "wishes": {}}, "song is an object"),
        ({"song": {**SETTINGS, "fps": 25}, "wishes": {}}, "fps is text"),
        ({"song": {**SETTINGS, "columns": "25"}, "wishes": {}}, "'columns' is not asked for here"),
        ({"song": {**SETTINGS, "window_seconds": "soon"}, "wishes": {}}, "window_seconds"),
        ({"song": {**SETTINGS, "audio": ""}, "wishes": {}}, "audio is the name of a song"),
        (
            {"song": {"song_seconds": "60", **{name: SETTINGS[name] for name in [*SETTINGS][1:]}}, "wishes": {}},
            "audio is missing",
        ),
        ({"song": SETTINGS, "wishes": {"colour": "red"}}, "'colour' is no wish"),
        ({"song": SETTINGS, "wishes": {"subject": 5}}, "subject is text with at most 2000 characters"),
        ({"song": SETTINGS, "wishes": {"image_description": "a" * 2001}}, "image_description is text with at most"),
        ({"song": SETTINGS, "wishes": {"montage": 1}}, "montage is true or false"),
        ({"song": SETTINGS, "wishes": {"variation": True}}, "variation is a whole number from 0"),
        ({"song": SETTINGS, "wishes": {"variation": -1}}, "variation is a whole number from 0"),
    ],
)
def test_a_request_that_cannot_be_used_is_refused_before_anybody_listens(answers, heard, data, said):
    with pytest.raises(QueryError, match=re.escape(said)):
        answers.written(data if isinstance(data, str) else json.dumps(data))
    assert heard == []


def test_a_wish_that_cannot_be_fulfilled_names_the_nearest(answers, heard):
    with pytest.raises(WishError, match="cinematic"):
        answers.written(json.dumps({"song": SETTINGS, "wishes": {"style": "cinematik"}}))
    assert heard == []


def test_the_page_offers_what_can_be_wished():
    offered = (REPOSITORY / "web" / "timeline" / "wishes_model.mjs").read_text("utf-8")
    tiers = list(dict.fromkeys(each[0] for each in DIVERSITIES))
    assert re.findall(r'^ +\["(\w+)", english', offered, re.MULTILINE) == [*STYLES, *tiers, *KINDS]
