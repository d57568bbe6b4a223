from __future__ import annotations

RULE = "initial_window"


def literal_duration(graph):
    trim = graph.node(601)
    graph.disconnect(trim.input("duration"))
    trim.widgets["duration"] = 10.0


def set_length(graph):
    graph.node(526).widgets["value"] = 497


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_another_number_of_frames_is_found(check_finds, classic):
    check_finds(RULE, classic(length=489), "node 344 .*length is 489 frames, the window has 497")


def test_the_same_number_of_latents_is_enough(check_clean, classic):
    # 500 frames are 63 latents as well; that 500 is no valid length is the rule `length`'s business.
    check_clean(RULE, classic(length=500))


def test_another_length_of_audio_is_found(check_finds, classic):
    check_finds(RULE, classic(literal_duration), "node 601 .*duration is 10 s, the window has 19.88 s")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(length=489), set_length)
