"""Runs in tables, arms in comparisons."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from PIL import Image

from audio_loop.autoresearch.reporting.command import main
from audio_loop.autoresearch.reporting.comparisons import comparisons, numbers_of
from audio_loop.autoresearch.reporting.plots import plots_of
from audio_loop.autoresearch.reporting.tables import comparison_text, report_text
from audio_loop.autoresearch.statistics import ComparisonError
from audio_loop.autoresearch.tracker import COMPLETE, RunRow, Tracker

WRITTEN = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)


def single(run_id, settings, metrics, status=COMPLETE, judge_hash="j2", description="", value=1.0):
    return RunRow(run_id, status, description, settings, judge_hash, "cut_visibility_max", value, metrics, WRITTEN)


def row(arm, seed, value, **changes):
    settings = {"experiment": "overlap", "arm": arm, "fixture": "song_v1", "seed": seed}
    return single(f"{arm}-{seed}", settings, {"sharpness": 5, "cut_visibility_max": value}, value=value, **changes)


def arms(gain=1.0):
    noise = [0.1, -0.2, 0.15, 0.05, -0.1]
    return [
        *(row("baseline", seed, 10.0 + 3 * seed) for seed in range(5)),
        *(row("3 s", seed, 10.0 + 3 * seed - gain + noise[seed]) for seed in range(5)),
    ]


def test_arms_are_compared_with_the_baseline_in_all_metrics_the_primary_first():
    (found,) = comparisons(arms())
    assert (found.experiment, found.arm, found.baseline, found.primary) == ("overlap", "3 s", "baseline", "cut_visibility_max")
    assert [each.metric for each in found.differences] == ["cut_visibility_max", "sharpness"]
    assert found.differences[0].is_found
    assert found.differences[0].mean == pytest.approx(-1.0)
    assert not found.differences[1].is_found


def test_runs_that_failed_or_that_another_judge_judged_are_not_counted():
    rows = [*arms(), row("3 s", 5, 99.0, status="failed")]
    rows = [row("3 s", 0, 99.0, judge_hash="j1"), *rows]
    (found,) = comparisons(rows)
    assert found.differences[0].pairs == 5
    assert found.left_out == ("1 runs were judged by another judge than the newest; judge them again",)


def test_an_arm_that_nobody_has_is_refused():
    with pytest.raises(ComparisonError, match="no experiment has an arm 'x' beside others; there are 3 s, baseline"):
        comparisons(arms(), "x")


def test_another_baseline_turns_the_difference_around():
    (found,) = comparisons(arms(), "3 s")
    assert (found.arm, found.baseline) == ("baseline", "3 s")
    assert found.differences[0].mean == pytest.approx(1.0)


def test_metrics_that_are_no_numbers_are_left_out():
    metrics = {
        "a": 1,
        "b": True,
        "c": "model_unavailable",
        "d": {"status": "ok", "value": 2.5},
        "e": {"value": None},
        "f": None,
    }
    assert numbers_of(metrics) == {"a": 1.0, "d": 2.5}


def test_the_report_says_what_decides():
    rows = arms()
    text = report_text(rows, comparisons(rows), 3)
    assert "10 runs: 10 complete" in text
    assert "7 earlier runs are not shown (--newest N)." in text
    assert "## overlap: 3 s less baseline" in text
    assert "cut_visibility_max, the primary metric: a difference: the interval does not reach zero." in text
    assert "| sharpness | 5 | 0 | 0 to 0 | 5 | no difference at all: both arms gave the same numbers |" in text
    assert "Of 2 metrics 0.1 leave zero by chance alone" in text


def test_a_report_of_single_runs_says_that_nothing_is_compared():
    rows = [single("r1", {}, {}, status="video_missing", value=None, description="a | b")]
    text = report_text(rows, comparisons(rows), 20)
    assert "1 runs: 1 video_missing" in text
    assert "a \\| b" in text
    assert "nothing is compared" in text


def test_a_plot_has_a_line_for_each_metric(tmp_path):
    (compared,) = comparisons(arms())
    ((name, png),) = plots_of([compared]).items()
    assert name == "overlap_3 s_less_baseline"
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        assert picture.width > 800
        red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB"), int), -1, 0)
    assert ((red > 150) & (green < 75) & (blue < 150)).sum() > 50


def test_the_command_reads_the_tracker_and_writes_plots_under_free_names(tmp_path, capsys):
    for each in arms():
        assert Tracker(tmp_path / "runs.duckdb").add(each)
    call = ["--data", str(tmp_path), "--experiment", "overlap", "--plots", str(tmp_path / "plots")]
    assert main(call) == main(call) == 0
    said = capsys.readouterr().out
    assert "the primary metric: a difference" in said
    assert len(list((tmp_path / "plots").glob("*.png"))) == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ([], "there are no runs in"),
        (["--experiment", "sampler"], "there is no experiment 'sampler'; there are overlap"),
        (["--baseline", "x"], "no experiment has an arm 'x'"),
        (["--newest", "0"], "--newest is 0; it is a whole number from 1 up"),
    ],
)
def test_what_cannot_be_reported_is_refused(tmp_path, capsys, call, said):
    if call:
        for each in [arms()[0], arms()[5]]:
            Tracker(tmp_path / "runs.duckdb").add(each)
    assert main(["--data", str(tmp_path), *call]) == 2
    assert said in capsys.readouterr().err


def test_arms_without_a_common_seed_are_told_to_have_no_pair():
    rows = [row("baseline", 1, 1.0), row("3 s", 2, 2.0)]
    (found,) = comparisons(rows)
    assert found.differences == ()
    said = comparison_text(found)
    assert said.startswith("## overlap: 3 s less baseline")
    assert said.endswith("No pair of the same fixture and seed is finished in both arms.")


def test_seeds_of_one_arm_alone_are_named():
    said = comparison_text(comparisons([*arms(), row("3 s", 7, 1.0)])[0])
    assert "Without a partner in the other arm or without a number: song_v1, seed 7." in said
    assert "Without a partner" not in comparison_text(comparisons(arms())[0])


def test_without_the_primary_metric_or_with_one_metric_alone_no_more_is_said_than_its_row():
    (found,) = comparisons(arms())
    alone = comparison_text(replace(found, primary=None, differences=found.differences[1:]))
    assert "primary" not in alone
    assert "by chance alone" not in alone
    assert "| sharpness |" in alone
    assert "cut_visibility_max, the primary metric: a difference" in comparison_text(found)
    assert "Of 2 metrics 0.1 leave zero by chance alone" in comparison_text(found)


def test_an_interval_of_too_few_pairs_is_not_drawn(tmp_path):
    (few,) = comparisons([each for each in arms() if each.settings["seed"] < 2])
    assert math.isnan(few.differences[0].low)
    (png,) = plots_of([few]).values()
    (drawn,) = plots_of(
        [replace(few, differences=tuple(replace(each, low=-9.0, high=9.0) for each in few.differences))]
    ).values()
    blue, more = (int((np.asarray(Image.open(io.BytesIO(each)).convert("L")) < 200).sum()) for each in (png, drawn))
    assert 0 < blue < more


def test_without_a_folder_for_plots_only_the_text_is_made(tmp_path, capsys):
    tracker = Tracker(tmp_path / "runs.duckdb")
    for each in arms():
        tracker.add(each)
    assert main(["--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "## overlap: 3 s less baseline" in said
    assert "Plots:" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["runs.duckdb"]
