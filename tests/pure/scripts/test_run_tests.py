"""How the test runner judges a tier."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY


@pytest.fixture(scope="module")
def runner():
    spec = importlib.util.spec_from_file_location("run_tests_script", REPOSITORY / "scripts" / "run_tests.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def result(runner, passed=3, failed=0, skipped=0, status=0):
    return runner.TierResult("comfy", passed, failed, skipped, 1.5, status)


def test_counts_of_a_report(runner):
    text = '<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"></testsuite></testsuites>'
    assert runner.read_counts(text) == (4, 3, 3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"passed": 0, "status": 5}, "ran no test"),
        ({"failed": 1, "status": 1}, "failed"),
        ({"skipped": 1}, "skipped 1"),
        ({"passed": 0, "status": 4}, "failed (pytest status 4)"),
        ({"passed": 3, "status": 3}, "failed (pytest status 3)"),
    ],
)
def test_a_tier_is_green_only_when_it_ran_wholly(runner, changes, words):
    complaint = result(runner, **changes).complaint(filtered=False)
    assert (complaint == "") == (words == "")
    assert words in complaint


def test_no_test_is_no_fault_when_the_user_chose_tests(runner):
    assert result(runner, passed=0, status=5).complaint(filtered=True) == ""


@pytest.mark.parametrize(
    ("failing", "changes", "status"), [(None, {}, 0), ("ruff", {}, 1), ("mypy", {}, 1), (None, {"skipped": 1}, 1)]
)
def test_the_last_line_counts_and_the_status_says_whether_all_is_green(runner, capsys, failing, changes, status):
    results = [result(runner, **changes), result(runner)]
    checks = {name: name != failing for name in runner.CHECKS}
    assert runner.report(checks, results, 12.0, filtered=False) == status
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("=== 6 passed")
    assert last.endswith("in 12.00s ===")


@pytest.mark.parametrize(("statuses", "clean"), [((0, 0), True), ((0, 1), False), ((2, 0), False)])
def test_a_check_is_clean_only_if_each_of_its_commands_is(runner, monkeypatch, statuses, clean):
    monkeypatch.setitem(runner.CHECKS, "mypy", tuple(("-c", f"raise SystemExit({status})") for status in statuses))
    assert runner.run_check("mypy") is clean
