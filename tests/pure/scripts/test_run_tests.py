"""How the test runner judges a tier."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY


@pytest.fixture(scope="module", autouse=True)
def scripts_are_found():
    """As Python finds them for a script that is run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(REPOSITORY / "scripts")
        yield


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


def counted(lines, of_lines, branches, of_branches):
    return {
        "summary": {
            "covered_lines": lines,
            "num_statements": of_lines,
            "covered_branches": branches,
            "num_branches": of_branches,
        }
    }


def test_lines_and_branches_are_told_by_room():
    import _coverage

    files = {
        "video/a.py": counted(1, 4, 0, 2),
        "video/b.py": counted(2, 2, 1, 2),
        "audio/c.py": counted(3, 3, 0, 0),
        "nodes/d.py": counted(0, 9, 0, 6),
    }
    assert _coverage.lines({"files": files}, alone={"video/b.py", "audio/c.py"}) == [
        "  audio              100.0% of      3 lines, 100.0% of     0 branches",
        "  video               50.0% of      6 lines,  25.0% of     4 branches",
        "  loaded by these     66.7% of      9 lines,  25.0% of     4 branches",
        "  without ComfyUI    100.0% of      5 lines,  50.0% of     2 branches",
        "  loaded by other tiers only: nodes",
    ]


def test_a_tier_that_left_no_lines_is_no_fault_of_the_others(tmp_path):
    import _coverage

    assert _coverage.lines(_coverage.measured(tmp_path, REPOSITORY), alone=()) == []


def test_what_needs_no_comfyui_reaches_none_by_any_way():
    import _coverage

    alone = _coverage.without_comfyui()
    assert {"loop_control/plan.py", "schedule/blending.py", "workflow_graph/repair.py"} <= alone
    assert not {name for name in alone if name.startswith(("nodes/", "comfy_host/", "comfyui_internals/"))}
    # By the way of another file.
    assert "checkpoints/service/finished_windows.py" not in alone


def test_what_a_tier_ran_is_read_from_what_it_left(tmp_path):
    import _coverage

    (tmp_path / "pyproject.toml").write_text('[tool.coverage.run]\nbranch = true\nsource = ["."]\n')
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "code.py").write_text("def used(yes):\n    if yes:\n        return 1\n    return 2\n")
    (tmp_path / "test_it.py").write_text("from room.code import used\n\n\ndef test_it():\n    assert used(True) == 1\n")
    data = tmp_path / "data"
    data.mkdir()
    command = [sys.executable, "-m", "pytest", "-q", str(tmp_path / "test_it.py"), *_coverage.PYTEST_ARGUMENTS]
    environment = {**os.environ, **_coverage.environment(data, "pure")}
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True)
    found = _coverage.measured(data, tmp_path)["files"]
    code = {name.rpartition("/")[2]: file["summary"] for name, file in found.items()}["code.py"]
    assert (code["covered_lines"], code["num_statements"]) == (3, 4)
    assert (code["covered_branches"], code["num_branches"]) == (1, 2)


@pytest.mark.parametrize(
    ("is_cheap", "is_asked_for", "expected"),
    [(False, False, ()), (False, True, ("pure", "torch")), (True, False, ("pure", "torch"))],
)
def test_lines_are_counted_if_that_is_cheap_or_asked_for(monkeypatch, is_cheap, is_asked_for, expected):
    import _coverage

    monkeypatch.setattr(_coverage, "IS_CHEAP", is_cheap)
    assert _coverage.measured_tiers(is_asked_for) == expected
