from __future__ import annotations

RULE = "audio_trim_default"


def from_the_beginning(graph):
    graph.node(567).widgets["start_index"] = 0.0


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(trim=(0.0, 60.0)))


def test_the_old_default_is_found(check_finds, classic):
    found = check_finds(
        RULE, classic(trim=(5.0, 300.0)), "node 567 .*the first 5 s and everything after 305 s of the song", severity="WARN"
    )
    assert "older files" in found[0].why


def test_any_start_is_found(check_finds, classic):
    check_finds(RULE, classic(trim=(12.5, 60.0)), "the first 12.5 s of the song are cut off", severity="WARN")


def test_trims_behind_the_song_are_not_meant(check_clean, classic):
    check_clean(RULE, classic(audio_in_loop=True))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(trim=(5.0, 300.0)), from_the_beginning)
