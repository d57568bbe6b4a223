"""Checkpoints on ComfyUI's real executor, with windows that need no model: what is kept, found, joined, refused and deleted."""

from __future__ import annotations

import copy

import pytest

from .windows_session import loaded

SECONDS = 3.0
"""At a window of 1 s and a stride of 0.64 s: the initial render and four iterations."""
LAST = 4
EVERY = list(range(LAST + 1))
_ITERATIONS = {"mode": "iterations", "mode.iterations": 1}
_WHOLE_WINDOWS = {"last_window": "full", "max_iterations": 0, "schedule": ""}


def graph(words="0: a", *, picture="face.png", passed=False, loud=1, **checkpoint):
    """A loop in API form. `checkpoint` are values of both checkpoints."""
    shared = {"plan": ["plan", 5], "audio_latent": ["song", 0], "enabled": True, "run_name": "", **checkpoint}
    initial, turn = ["start", 0], ["open", 3]
    nodes = {
        "silence": ("EmptyAudio", {"duration": SECONDS, "sample_rate": 44100, "channels": 1}),
        "loud": ("AudioAdjustVolume", {"audio": ["silence", 0], "volume": loud}),
        "plan": (
            "AudioLoopPlanner",
            {"audio": ["loud", 0], "window_seconds": 1.0, "overlap_seconds": 0.36, "fps": 25, **_WHOLE_WINDOWS},
        ),
        "start": ("EmptyLTXVLatentVideo", {"width": 64, "height": 64, "length": 25, "batch_size": 1}),
        "picture": ("LoadImage", {"image": picture}),
        "song": ("TestSongLatent", {"value": float(loud)}),
        "words": ("TestWords", {"words": words, "iteration": 0}),
        "loop words": ("TestWords", {"words": words, "iteration": turn}),
        "first": ("TestWindow", {**_made(initial, 0, 4), "conditioning": ["words", 0], "picture": ["picture", 0]}),
        "2201": ("IterationCheckpoint", {**shared, **_kept("first", initial, 0, "words")}),
        "open": ("TensorLoopOpen", {"initial_value": ["2201", 0], "iterations_in": ["plan", 1], **_ITERATIONS}),
        "window": ("TestWindow", {**_made(["open", 1], turn, 2), "conditioning": ["loop words", 0]}),
        "passed": ("TestPassed", {"latent": ["window", 0]}),
        "2202": (
            "IterationCheckpoint",
            {**shared, **_kept("passed" if passed else "window", ["open", 1], turn, "loop words")},
        ),
        "close": (
            "TensorLoopClose",
            {"flow_control": ["open", 0], "processed": ["2202", 0], "accumulate": True, "overlap": "disabled"},
        ),
        "show": ("PreviewAny", {"source": ["close", 0]}),
    }
    return {name: {"class_type": kind, "inputs": inputs} for name, (kind, inputs) in nodes.items()}


def _made(previous, iteration, latents):
    return {"previous": previous, "iteration": iteration, "latents": latents}


def _kept(latent, previous, iteration, words):
    told = {"latent": [latent, 0], "previous_latent": previous, "current_iteration": iteration, "seed_value": 7}
    return {**told, "conditioning": [words, 0], "negative": [words, 0], "preview": False}


@pytest.mark.parametrize(("window", "value"), [(0, "nan"), (2, "nan"), (2, "-inf")])
def test_a_window_that_is_not_finite_stops_the_render_and_is_never_kept(session, value, window):
    session.spoil(**{f"n{window}": value})
    (answer,) = session.run(graph(passed=True))
    assert not answer["ok"]
    name = "NaN" if value == "nan" else "Inf"
    total = 128 * (2 if window else 4) * 2 * 2
    where = "first seen at TestWindow (node window)" if window else "first seen at TestWindow (node first)"
    assert f"window {window} is not finite (1 of {total} values is {name}), {where}; it is not kept" in answer["message"]
    assert "stop_on_nan" in answer["message"]
    assert any("is not finite" in text for text in answer["texts"])
    assert session.made() == list(range(window + 1))
    assert session.kept() == list(range(window))
    # With other flags, say, it is made well; what came before is found.
    session.spoil()
    (answer,) = session.good(graph(passed=True))
    assert session.made() == EVERY[window:]
    assert session.kept() == EVERY
    assert [text.splitlines()[0] for text in answer["texts"]].count(f"{window} of 5 from disk, {5 - window} made") == 1


def test_on_request_the_render_goes_on_and_the_window_is_not_kept_all_the_same(session):
    session.spoil(n2="nan")
    prompt = graph(stop_on_nan=False)
    prompt["2202"]["inputs"]["preview"] = True
    (answer,) = session.good(prompt)
    assert session.made() == EVERY
    # Windows 1, 3 and 4 are shown; a picture of NaN is none.
    assert sum("images" in shown for shown in answer["outputs"].values()) == 3
    assert session.kept() == [0, 1, 3, 4]
    assert any("window 2 is not finite (1 of 1024 values is NaN)" in text for text in answer["texts"])
    assert any("1 not kept (NaN)" in text for text in answer["texts"])


def test_a_window_that_is_not_finite_stops_the_render_where_checkpoints_are_off_too(session):
    session.spoil(n3="nan")
    (answer,) = session.run(graph(enabled=False))
    assert "window 3 is not finite (1 of 1024 values is NaN), first seen at TestWindow (node window)" in answer["message"]
    session.good(graph(enabled=False, stop_on_nan=False))
    assert session.runs() == []


def test_values_that_are_not_finite_are_refused_before_a_window_is_made_from_them(session):
    song = graph()
    song["song"]["inputs"]["value"] = 1e9
    for prompt in (song, graph(enabled=False)):
        prompt["song"]["inputs"]["value"] = 1e9
        (answer,) = session.run(prompt)
        assert "window 0 is not sampled: its audio_latent is not finite (512 of 512 values are NaN)" in answer["message"]
        assert "first seen at TestSongLatent (node song)" in answer["message"]
    assert session.made() == []


def test_windows_are_counted_for_this_prompt_alone(session):
    first, second = graph("0: a, 2: b"), graph("0: a, 2: c")
    answers = session.good(first, second, first, graph("0: d"))
    texts = [[text.splitlines()[0] for text in answer["texts"] if "from disk" in text][-1] for answer in answers]
    assert texts == ["0 of 5 from disk, 5 made", "2 of 5 from disk, 3 made", "5 of 5 from disk", "0 of 5 from disk, 5 made"]


def test_an_edit_that_was_stopped_is_not_followed_by_the_windows_before_it(session):
    session.good(graph())
    edited = graph("0: a, 1: b")
    edited["plan"]["inputs"]["max_iterations"] = 2
    session.good(edited)
    (answer,) = session.good(loaded())
    assert answer["outputs"]["show"]["text"][0].endswith("windows 0 to 2 of 2")
    # Another edit is stopped in window 2.
    session.spoil(n2="nan")
    session.run(graph("0: z"))
    answers = session.run(loaded(), loaded(last=4), loaded(takes="4: 1"))
    reports = [answer["outputs"]["show"]["text"][0] if answer["ok"] else answer["message"] for answer in answers]
    assert "windows 0 to 1 of 4; windows 2 to 4 are left out: window 2 was made from take 2 of window 1" in reports[0]
    assert "cannot be joined up to window 4: windows 2 to 4 are left out" in reports[1]
    assert "windows 0 to 4 of 4\n" in reports[2]


def test_windows_of_another_project_are_not_deleted(session):
    """The same song with another picture, two equally long songs: each keeps its windows, whatever the others are told."""
    small = {"keep_takes": 1, "limit_gb": 0.000001}
    pictures = [graph(**small), graph(picture="other.png", **small)]
    songs = [graph(loud=2, **small), graph(loud=3, **small)]
    for prompt in (*pictures, *songs):
        session.good(prompt)
        assert session.made() in (EVERY, EVERY[1:])
    session.made()
    for prompt in (*pictures, *songs):
        session.good(prompt)
        assert session.made() == []
    assert len(session.runs()) == 4


def test_under_one_name_every_graph_keeps_what_it_shows(session):
    small = {"keep_takes": 1, "limit_gb": 0.000001, "run_name": "shared"}
    one, other = graph(**small), graph(picture="other.png", **small)
    session.good(one)
    session.good(other)
    assert session.made() == [*EVERY, *EVERY]
    session.good(one)
    session.good(other)
    assert session.made() == []
    # Its own earlier takes do go.
    session.good(graph("0: edited", picture="other.png", **small))
    assert session.made() == EVERY
    assert session.kept() == sorted([*EVERY, *EVERY])
    session.good(one)
    assert session.made() == []


def test_keep_takes_counts_for_a_run_that_is_finished_too(session):
    session.good(graph(), graph("0: b"))
    assert session.kept() == sorted([*EVERY, *EVERY])
    session.made()
    session.good(graph("0: b", keep_takes=1))
    assert session.made() == []
    assert session.kept() == EVERY


def test_another_name_for_the_same_run_samples_nothing(session):
    session.good(graph())
    session.made()
    session.good(graph(run_name="renamed"))
    assert session.made() == []
    assert len(session.runs()) == 2
    (answer,) = session.good(loaded("renamed"))
    assert answer["outputs"]["show"]["text"][0] == "run renamed: windows 0 to 4 of 4"


def two_loops(own):
    """A graph with a second loop of other words, for which the nodes `own` are made a second time."""
    both, second = graph(keep_takes=1), graph("0: other", keep_takes=1)
    renamed = {name: f"9{name}" if name.isdecimal() else f"second {name}" for name in own}
    for name in own:
        node = copy.deepcopy(second[name])
        for key, value in node["inputs"].items():
            if isinstance(value, list) and value[0] in renamed:
                node["inputs"][key] = [renamed[value[0]], value[1]]
        both[renamed[name]] = node
    both["both"] = {"class_type": "LatentConcat", "inputs": {"samples1": ["close", 0], "samples2": ["second close", 0]}}
    both["both"]["inputs"]["dim"] = "t"
    both["show"]["inputs"]["source"] = ["both", 0]
    return both


def test_two_loops_that_begin_alike_have_runs_that_are_each_whole(session):
    both = two_loops(["open", "loop words", "window", "passed", "2202", "close"])
    session.good(both)
    assert sorted(session.made()) == sorted([0, *EVERY[1:], *EVERY[1:]])
    assert [session.kept(0), session.kept(1)] == [EVERY, EVERY]
    for run in session.runs():
        (answer,) = session.good(loaded(run.name))
        assert answer["outputs"]["show"]["text"][0] == f"run {run.name}: windows 0 to 4 of 4"
    session.good(both)
    assert session.made() == []


def test_two_loops_in_one_graph_keep_apart(session):
    both = two_loops([name for name in graph() if name != "show"])
    session.good(both)
    assert sorted(session.made()) == sorted([*EVERY, *EVERY])
    assert len(session.runs()) == 2
    assert [session.kept(0), session.kept(1)] == [EVERY, EVERY]
    session.good(both)
    assert session.made() == []
    session.good(graph())
    assert session.made() == []


def test_without_metadata_no_prompt_is_written(session):
    session.good(graph("0: a secret"), settings={"disable_metadata": True})
    (run,) = session.runs()
    assert session.kept() == EVERY
    for path in run.iterdir():
        assert b"secret" not in path.read_bytes(), path.name
    session.good(graph("0: a known thing"))
    assert any(b"a known thing" in path.read_bytes() for path in run.iterdir())


def test_a_disk_that_is_going_to_be_full_is_refused_before_sampling(session):
    # 5 windows of 4 latents: 4 * 128 * 2 * 2 * 4 bytes = 8192, and 64 KiB each for their headers.
    needed = 5 * (8192 + 65536)
    (answer,) = session.run(graph(), free_bytes=needed - 1)
    assert "windows 0 to 4 need about 0.4 MB in" in answer["message"]
    assert "Nothing was sampled: free" in answer["message"]
    assert "'enabled' off" in answer["message"]
    assert session.made() == []
    session.good(graph(enabled=False), free_bytes=0)
    session.made()
    session.good(graph(), free_bytes=needed)
    session.made()
    # Only what is still to be made counts: windows 3 and 4.
    (answer,) = session.run(graph("0: a, 3: b"), free_bytes=2 * (8192 + 65536) - 1)
    assert "windows 3 to 4 need about" in answer["message"]
    assert session.made() == []
    session.good(graph(), free_bytes=0)


def test_windows_that_a_full_disk_did_not_take_are_found_by_the_next_prompt(session):
    answers = session.good(graph(), graph(), full_after=("before fsync", 5))
    assert session.made() == EVERY
    assert any("in memory only until the folder takes them" in text for text in answers[0]["texts"])


@pytest.mark.parametrize("kind", ["size", "length"])
def test_a_locked_window_of_another_size_is_named(session, kind):
    session.good(graph(run_name="shared"))
    other = graph(run_name="shared", locked="2")
    if kind == "size":
        other["start"]["inputs"]["width"] = 96
    else:
        other["plan"]["inputs"].update(window_seconds=1.4)
        other["start"]["inputs"]["length"] = 33
        other["first"]["inputs"]["latents"], other["window"]["inputs"]["latents"] = 5, 3
    session.made()
    (answer,) = session.run(other)
    assert session.made() == []
    said = {"size": "(1, 128, 2, 2, 2), this render has (1, 128, 4, 2, 3)", "length": "2 latents, this render's has 3 or 5"}
    assert f"window 2 is locked to a take of another {kind}: {said[kind]}. Free it" in answer["message"]


def refused_before_sampling(session, prompt):
    session.made()
    (answer,) = session.run(prompt)
    assert not answer["ok"]
    assert session.made() == []
    return answer["message"]


@pytest.mark.parametrize("kept", [{"locked": "2"}, {"takes": "2: 1"}])
def test_a_window_that_is_to_stay_is_not_moved_to_another_time_of_the_song(session, kept):
    session.good(graph(run_name="shared"))
    moved = graph(run_name="shared", **kept)
    moved["plan"]["inputs"].update(overlap_seconds=0.2)
    said = refused_before_sampling(session, moved)
    assert "window 2 was made for 0:01.28 to 0:02.28 of the song; in this render it stands at 0:01.92 to 0:02.92" in said
    assert "Free window 2 ('locked' or 'takes' of its checkpoint), or set overlap_seconds back to 0.36" in said
    # The order is told by the loop's checkpoint alone too, and the run may be named by a wire.
    for name in kept:
        moved["2201"]["inputs"][name] = ""
    moved["name"] = {"class_type": "PrimitiveString", "inputs": {"value": "shared"}}
    for name in ("2201", "2202"):
        moved[name]["inputs"]["run_name"] = ["name", 0]
    assert "in this render it stands at 0:01.92 to 0:02.92" in refused_before_sampling(session, moved)
    moved["plan"]["inputs"].update(overlap_seconds=0.36)
    session.good(moved)
    assert session.made() == []


def test_a_locked_window_of_another_frame_rate_or_another_song_is_refused(session):
    session.good(graph(run_name="shared"))
    faster, longer = graph(run_name="shared", locked="1"), graph(run_name="shared", locked="1", loud=2)
    faster["plan"]["inputs"].update(fps=26)
    assert "window 1 was made at 25 fps for 0:00.64 to 0:01.64 of the song; this render has 26 fps, and there it stands" in (
        refused_before_sampling(session, faster)
    )
    longer["silence"]["inputs"]["duration"] = SECONDS + 2
    assert "of a song of 3.0 s; this one is 5.0 s long" in refused_before_sampling(session, longer)
    # The same song with more of it behind: the first window sounds as it did.
    more = graph(run_name="shared", locked="1")
    more["silence"]["inputs"]["duration"] = SECONDS + 2
    session.good(more)
    assert 1 not in session.made()
    # Of equal length: it may be a louder copy, so it is told and not refused.
    (answer,) = session.good(graph(run_name="shared", locked="1", loud=2))
    assert any("window 1 is locked, and was made to other sound than this song has there" in text for text in answer["texts"])


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"locked": "9"}, "locked is '9', but there is no window 9: the last one of this song is window 4"),
        ({"locked": "2, 3-5"}, "locked is '2, 3-5', but there is no window 5"),
        ({"takes": "9:1"}, "takes is '9:1', but there is no window 9"),
        ({"takes": "3: 2"}, "take 2 of window 3 is asked for, but there are 1"),
    ],
)
def test_a_window_that_is_not_there_is_refused_before_sampling(session, kept, said):
    session.good(graph(run_name="shared"))
    prompt = graph("0: edited", run_name="shared")
    prompt["2202"]["inputs"].update(kept)
    assert said in refused_before_sampling(session, prompt)


def test_a_trial_of_a_few_windows_may_name_later_ones(session):
    trial = graph(run_name="shared", locked="4")
    trial["plan"]["inputs"]["max_iterations"] = 1
    session.good(trial)
    assert session.made() == [0, 1]
