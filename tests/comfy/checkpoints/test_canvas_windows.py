"""Checkpoints of loops on a canvas, in either order, on ComfyUI's real executor: what is made again, joined and kept apart."""

from __future__ import annotations

import json

from .windows_session import loaded

SECONDS = 3.6
"""At a window of 1 s and an overlap of 0.36 s: windows of 4 latents, of which two share 2."""
LAST = 5
EVERY = [0, 2, 4, 1, 3, 5]


def node(class_type, **inputs):
    return {"class_type": class_type, "inputs": inputs}


def planner(**values):
    given = {"window_seconds": 1.0, "overlap_seconds": 0.36, "fps": 25, "max_iterations": 0, "schedule": ""}
    return node("AudioLoopPlanner", audio=["silence", 0], **given | {"order": "anchors first", "last_window": "full"} | values)


def stage(name, canvas, words, **checkpoint):
    """A loop on a canvas in API form, with its planner; ids begin with the name."""
    plan, turn, cut = [f"{name}plan", 5], [f"{name}open", 3], f"{name}cut"
    value, said = [f"{name}open", 1], [f"{name}words", 0]
    here = {"plan": plan, "current_iteration": turn}
    told = {"previous_latent": [cut, 0], "audio_latent": [cut, 1], "current_iteration": [cut, 2], "seed_value": [cut, 4]}
    told |= {"enabled": True, "run_name": "", "preview": False, "conditioning": said, "negative": said, **checkpoint}
    nodes = {
        "open": node(
            "TensorLoopOpen",
            **{"mode": "iterations", "mode.iterations": 1},
            initial_value=canvas,
            iterations_in=[f"{name}plan", 8],
        ),
        "cut": node("LoopWindowOfCanvas", canvas=value, audio_latent=["song", 0], **here),
        "words": node("TestWords", words=words, iteration=[cut, 2]),
        "window": node("TestWindow", previous=[cut, 0], conditioning=said, iteration=[cut, 2], latents=4),
        "new": node("LoopWindowNew", latent=[f"{name}window", 0], **here),
        "kept": node("IterationCheckpoint", latent=[f"{name}new", 0], plan=plan, **told),
        "write": node("LoopWindowToCanvas", canvas=value, latent=[f"{name}kept", 0], **here),
        "close": node(
            "TensorLoopClose",
            flow_control=[f"{name}open", 0],
            processed=[f"{name}write", 0],
            accumulate=False,
            overlap="disabled",
        ),
    }
    return {f"{name}{each}": value for each, value in nodes.items()}


def graph(words="0: a", plan=None, **checkpoint):
    """A song's windows on an empty canvas."""
    return {
        "silence": node("EmptyAudio", duration=SECONDS, sample_rate=44100, channels=1),
        "song": node("TestSongLatent", value=1.0, latents=200),
        "plan": planner(**plan or {}),
        "canvas": node("LoopCanvas", plan=["plan", 5], width=64, height=64),
        **stage("", ["canvas", 0], words, **checkpoint),
        "show": node("PreviewAny", source=["close", 0]),
    }


def report(answer):
    return [text.splitlines()[0] for text in answer["texts"] if "from disk" in text][-1]


def joined(session, **values):
    (answer,) = session.good(loaded(**values))
    return answer["outputs"]["show"]["text"][0]


def places(session, index):
    """Fingerprints of the takes of a window, and of the takes that each was made from."""
    (folder,) = session.runs()
    (window,) = [each for each in json.loads((folder / "manifest.json").read_text())["segments"] if each["index"] == index]
    return [(each["take"]["fingerprint"], each["take"]["place"]) for each in window["takes"]]


def whole(session, **values):
    return joined(session, **values).endswith(f": windows 0 to {LAST} of {LAST}")


def test_anchors_come_first_and_a_change_reaches_a_window_and_its_gaps(session):
    """The same song again makes nothing; words of window 2, of 3, of 0 and of 5 are changed and taken back one by one."""
    session.good(graph())
    assert session.made() == EVERY
    edits = ["0: a", "0: a, 2: b, 3: a", "0: a, 3: b, 4: a", "0: b, 1: a", "0: a, 5: b"]
    answers = session.good(*map(graph, edits))
    assert [report(answer) for answer in answers] == [
        "6 of 6 from disk",
        "3 of 6 from disk, 3 made",
        "5 of 6 from disk, 1 made",
        "4 of 6 from disk, 2 made",
        "5 of 6 from disk, 1 made",
    ]
    assert session.made() == [2, 1, 3, 3, 0, 1, 5]
    for gap in (1, 3, 5):
        _, place = places(session, gap)[0]
        assert place["follows"] == places(session, gap - 1)[0][0]
        assert place.get("meets") == (places(session, gap + 1)[0][0] if gap < LAST else None)
    assert all("meets" not in place and place["follows"] is None for index in (0, 2, 4) for _, place in places(session, index))
    assert whole(session)


def asking(words):
    """Asks what a render would take from disk, and renders nothing."""
    asked = node("TestForeseen", plan=["plan", 5], checkpoint="kept", words=words)
    return graph(words) | {"told": asked, "show": node("PreviewAny", source=["told", 0])}


def test_windows_on_disk_are_told_before_run(session):
    """A window counts if it, and those that it is made from, are as they were."""
    session.good(graph(plan={"windows": "1"}))
    answers = session.good(asking("0: a"), asking("0: a, 2: b"))
    session.good(graph())
    answers += session.good(asking("0: a"), asking("0: a, 2: b, 3: a"), asking("0: a, 3: b, 4: a"))
    told = [answer["outputs"]["show"]["text"][0] for answer in answers]
    assert told == ["[0, 1, 2]", "[0]", "[0, 1, 2, 3, 4, 5]", "[0, 4, 5]", "[0, 1, 2, 4, 5]"]


def test_windows_on_their_own_are_those_of_the_whole_song(session):
    """Two machines make a part each, by one run; the whole song is then on disk."""
    session.good(graph(plan={"windows": "1"}), graph(plan={"windows": "4"}))
    assert session.made() == [0, 2, 1, 4]
    assert joined(session).endswith(
        "windows 0 to 2 of 5; windows 3, 5 are not made yet, so 4 cannot be joined to what comes before"
    )
    (answer,) = session.good(graph())
    assert (session.made(), report(answer)) == ([3, 5], "4 of 6 from disk, 2 made")
    assert whole(session)


def test_a_locked_or_picked_window_stays_and_is_joined(session):
    session.good(graph(), graph("0: a, 2: b, 3: a", locked="1"))
    assert session.made() == [*EVERY, 2, 3]
    assert joined(session).splitlines()[1:] == ["window 1 is locked and was made to meet another window 2"]
    # The first take of window 2 again: windows 1 and 3 are as they were.
    session.good(graph("0: a, 2: b, 3: a", takes="2: 1"))
    assert session.made() == []
    assert whole(session)


def test_a_render_that_stopped_before_its_gaps_leaves_the_video_before(session):
    session.good(graph())
    session.spoil(n4="nan")
    session.run(graph("0: a, 2: b"))
    assert session.made() == [*EVERY, 2, 4]
    assert joined(session).splitlines() == [
        f"run {session.runs()[0].name}: windows 0 to 5 of 5",
        "window 2 is take 1, not the chosen one",
    ]


def test_a_gap_beside_an_anchor_that_is_not_finite_says_so(session):
    session.spoil(n4="nan", n5="nan")
    (answer,) = session.good(graph(stop_on_nan=False))
    told = {index: next(text for text in answer["texts"] if f"window {index} is not finite" in text) for index in (4, 5)}
    assert "first seen at TestWindow (node window)" in told[4]
    assert "first seen at an earlier window" in told[5]


def test_each_order_has_its_run_and_under_one_name_each_is_joined_by_its_own_plan(session):
    turn = {"order": "in turn"}
    session.good(graph(), graph(plan=turn), graph(run_name="mine"))
    assert joined(session, run_name="mine").endswith("windows 0 to 5 of 5")
    # Window 0 is the same in both orders; windows of other runs are found.
    assert session.made() == [*EVERY, *range(1, LAST + 1)]
    session.good(graph(plan=turn, run_name="mine"))
    assert session.made() == []
    names = [run.name for run in session.runs()]
    assert len(names) == 3
    assert all(whole(session, run_name=name) for name in names)


def two_stages(words="0: a", finish_words="0: f", run_name=""):
    """A draft in turn, and a second loop whose canvas is the draft, in windows of 5 latents that lie 3 apart."""
    prompt = graph(words, plan={"order": "in turn"}, run_name=run_name)
    second = stage("2", ["close", 0], finish_words, run_name=run_name)
    second["2window"]["inputs"]["latents"] = 5
    return prompt | {"2plan": planner(window_seconds=1.32)} | second | {"show": node("PreviewAny", source=["2close", 0])}


def test_two_stages_have_two_runs_and_a_change_of_the_draft_finishes_what_lies_over_it(session):
    session.good(two_stages(run_name="mine"))
    draft, finish = list(range(LAST + 1)), [0, 2, 1, 3]
    assert session.made() == draft + finish
    assert [run.name for run in session.runs()] == ["mine", "mine finish"]
    (answer,) = session.good(two_stages(run_name="mine"))
    assert report(answer) == "4 of 4 from disk"
    # The last window of the draft shows latents 12 and 13, of which the finish's last window alone is made.
    session.good(two_stages("0: a, 5: b", run_name="mine"), two_stages("0: a, 5: b", "0: f, 1: g, 2: f", run_name="mine"))
    assert session.made() == [5, 3, 1]
    session.good(two_stages())
    assert session.made() == []
    assert len(session.runs()) == 4
