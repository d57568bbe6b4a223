from __future__ import annotations

RULE = "window_length"


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(window=20.0, length=497))


def test_a_long_window_is_found_where_it_is_said_and_where_it_is_sampled(check_finds, classic):
    check_finds(
        RULE,
        classic(window=25.0, length=625),
        "window_seconds is 25",
        "window_seconds is 25",
        r"length is 625 frames \(79 latents\), 25.00 s at 25 a second",
        severity="WARN",
    )
