"""Sections on windows: at their boundary within a second if the windows allow it, and nothing lost that could be seen."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.prompting.heard import Ear
from audio_loop.prompting.placement import placement
from audio_loop.prompting.sections_on_windows import NEAR_SECONDS, pieces_of, sections_shown
from audio_loop.prompting.visible_boundaries import video_end
from audio_loop.prompting.vocabulary.actions import LASTING
from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule

from .songs import analysed, planned
from .test_write import GRIDS, analyses


def shown(lengths, times):
    starts = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
    analysis = analysed(
        [*((start, "verse", "ABCDEFG"[number], "loud") for number, start in enumerate(starts[:-1])), (starts[-1],)]
    )
    return sections_shown(analysis.sections, [Fraction(str(time)) for time in times])


def test_one_boundary_in_a_window_goes_to_the_nearer_end():
    assert shown([28.0, 32.0], [0, 20, 40, 60]) == (0, 1, 1)
    assert shown([32.0, 28.0], [0, 20, 40, 60]) == (0, 0, 1)
    assert shown([30.0, 30.0], [0, 20, 40, 60]) == (0, 1, 1)


def test_a_section_that_fills_most_of_a_window_is_shown_in_it():
    assert shown([25.0, 4.0, 31.0], [0, 20, 40, 60]) == (0, 2, 2)


def test_a_section_that_would_be_lost_takes_a_window_that_it_has_a_third_of():
    assert shown([28.0, 7.0, 25.0], [0, 20, 40, 60]) == (0, 1, 2)
    assert shown([28.0, 6.0, 26.0], [0, 20, 40, 60]) == (0, 0, 2)


def test_it_never_takes_the_only_window_of_another():
    assert shown([20.0, 11.0, 9.0, 20.0], [0, 20, 40, 60]) == (0, 1, 3)


def test_a_boundary_within_a_second_is_kept_though_the_window_shows_more_of_others():
    # By the second rule the window from 20 to 22 would show the first section, which has 0.9 s of it.
    assert shown([20.9, 0.3, 38.8], [0, 20, 22, 60]) == (0, 1, 2)


def test_windows_that_begin_behind_the_end_show_nothing():
    short = analysed([(0.0, "verse", "A", "loud"), (21.0,)])
    plan = planned(short, 10.0, 5.0, 25, last_window="full", order="anchors first")
    pieces = pieces_of(short.sections, plan, Ear(short, "music", None))
    assert pieces[-1].end == video_end(plan)
    assert all(piece.start < piece.end for piece in pieces)


@settings(max_examples=40)
@given(analyses(), GRIDS, st.booleans(), st.sampled_from(["in turn", "anchors first"]))
def test_whatever_the_windows_allow_within_a_second_is_seen(analysis, grid, montage, order):
    plan = planned(analysis, *grid, order=order)
    pieces = pieces_of(analysis.sections, plan, Ear(analysis, "music", None), is_montage=montage)
    assert (pieces[0].start, pieces[-1].end) == (0, video_end(plan))
    assert all(one.end == other.start and one.last_window + 1 == other.first_window for one, other in pairwise(pieces))
    assert all(one.section <= other.section for one, other in pairwise(pieces))
    assert all(piece.heard in LASTING or piece.first_window == piece.last_window for piece in pieces)
    measured = placement(write_schedule(analysis, plan, make_wishes(montage=montage)), plan, analysis)
    assert measured is None or measured.missed == 0
    assert measured is None or all(
        near == best
        for near, best in zip(measured.near_seconds, measured.best_near_seconds, strict=True)
        if best <= NEAR_SECONDS
    )


def test_a_long_section_changes_about_every_twenty_seconds_and_in_a_montage_every_twelve():
    long = analysed([(0.0, "instrumental", "A", "loud"), (200.0,)])
    ear = Ear(long, "music", None)

    def lengths(window, overlap, montage):
        pieces = pieces_of(long.sections, planned(long, window, overlap), ear, is_montage=montage)
        return [float(piece.end - piece.start) for piece in pieces]

    assert max(lengths(19.88, 2.0, False)) == 19.88
    assert all(10 <= each <= 21 for each in lengths(5.0, 1.0, False)[1:-1])
    assert all(7 <= each <= 13 for each in lengths(5.0, 1.0, True)[1:-1])


def test_pieces_of_neighbouring_sections_of_one_material_are_counted_on():
    twice = analysed([(0.0, "verse", "A", "loud"), (37.8, "verse", "A", "loud"), (75.0, "chorus", "B", "loud"), (108.0,)])
    pieces = pieces_of(twice.sections, planned(twice), Ear(twice, "music", None))
    assert [(piece.section, piece.position) for piece in pieces] == [(0, 0), (0, 1), (1, 2), (1, 3), (2, 0), (2, 1)]


def test_two_hours_are_written_in_a_moment():
    parts = [(number * 24.0, "verse", "AB"[number % 2], "loud") for number in range(300)]
    stretches = [(number * 6.0, number * 6.0 + 4.0, "singing") for number in range(1200)]
    analysis = analysed([*parts, (7_200.0,)], stretches)
    written = write_schedule(analysis, planned(analysis), make_wishes(diversity="6b"))
    assert len(written.entries) == planned(analysis).iterations + 1
