"""Runs everything that is tested: ruff, mypy, then the tiers pure, torch, comfy and browser.

usage: run_tests.py [--tier NAME ...] [--coverage] [pytest arguments]

Sets up what it needs first: ComfyUI, a Python environment outside the checkout, Chromium. A tier that was asked for and
did not run, or skipped a test, is a failure.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import _bootstrap  # noqa: F401
import _coverage

from audio_loop.comfy_host.chromium import ensure_chromium
from audio_loop.comfy_host.environment import (
    REPOSITORY,
    EnvironmentSetupError,
    ensure_comfyui,
    ensure_environment,
    reexec_inside,
)

# Commands that end with 0 if there is nothing to say of the code.
CHECKS = {
    "ruff": (("-m", "ruff", "check", "."), ("-m", "ruff", "format", "--check", "--quiet", ".")),
    "mypy": (("scripts/check_types.py",),),
}
TIERS = ("pure", "torch", "comfy", "browser")
# A file stays on one worker, so that a server is started once for it; of the browser tests those of one frontend do.
PARALLEL = {
    **dict.fromkeys(("pure", "torch", "comfy"), ("-n", "auto", "--dist", "loadfile")),
    "browser": ("-n", "2", "--dist", "loadgroup"),
}


@dataclass(frozen=True)
class TierResult:
    """How a tier went: counts of tests, seconds, and pytest's exit status."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    status: int

    def complaint(self, filtered: bool) -> str:
        """Why this tier is not green, "" if it is.

        Args:
            filtered: The user chose tests, so none at all is no fault.
        """
        if self.failed or self.status not in (0, 5):
            return f"failed (pytest status {self.status})"
        if self.skipped:
            return f"skipped {self.skipped}: a tier runs wholly or fails"
        if not self.passed and not filtered:
            return "ran no test"
        return ""


def run_tier(name: str, pytest_arguments: Sequence[str], coverage: Path | None = None) -> TierResult:
    """Runs one tier in a process of its own and counts its tests; leaves what they ran in the folder `coverage`, if any."""
    environment = {**os.environ, "AUDIO_LOOP_TIERS": name}
    if coverage is not None:
        environment |= _coverage.environment(coverage, name)
        pytest_arguments = (*pytest_arguments, *_coverage.PYTEST_ARGUMENTS)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"tests/{name}", "-q", f"--junitxml={report}"]
        command += [*PARALLEL.get(name, ()), *pytest_arguments]
        status = subprocess.run(command, check=False, cwd=REPOSITORY, env=environment).returncode
        counts = read_counts(report.read_text(encoding="utf-8")) if report.exists() else (0, 0, 0)
    return TierResult(name, *counts, time.monotonic() - begin, status)


def read_counts(junit_xml: str) -> tuple[int, int, int]:
    """Passed, failed (errors included) and skipped tests in a JUnit report."""
    suites = list(ElementTree.fromstring(junit_xml).iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    return total - failures - errors - skipped, failures + errors, skipped


def run_check(name: str) -> bool:
    """True if none of a check's commands has anything to say."""
    print(f"== {name}", flush=True)
    statuses = [subprocess.run([sys.executable, *command], check=False, cwd=REPOSITORY).returncode for command in CHECKS[name]]
    return not any(statuses)


def main() -> int:
    """Sets up, runs, prints one line per tier and a closing line; 0 if all is green."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tier", action="append", choices=TIERS, help="run only this tier; may be repeated")
    parser.add_argument(
        "--coverage", action="store_true", help="count lines and branches that tests run, though Python is older than 3.14"
    )
    arguments, pytest_arguments = parser.parse_known_args()
    tiers = [tier for tier in TIERS if not arguments.tier or tier in arguments.tier]
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    try:
        comfyui = ensure_comfyui()
        reexec_inside(ensure_environment(comfyui))
        if "browser" in tiers:
            ensure_chromium()
    except EnvironmentSetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    # Every tier and every server it starts must use the one that was found here.
    os.environ["COMFYUI_PATH"] = str(comfyui)

    begin = time.monotonic()
    checks = {name: run_check(name) for name in CHECKS}
    results = []
    # Of chosen tests it would say nothing.
    counted = () if pytest_arguments else _coverage.measured_tiers(arguments.coverage)
    measured = [tier for tier in tiers if tier in counted]
    with tempfile.TemporaryDirectory() as coverage:
        for tier in tiers:
            print(f"\n== tier {tier}", flush=True)
            results.append(run_tier(tier, pytest_arguments, Path(coverage) if tier in measured else None))
        if measured:
            print(f"\nlines and branches that the tests of {' and '.join(measured)} run")
            print("\n".join(_coverage.lines(_coverage.measured(Path(coverage), REPOSITORY), _coverage.without_comfyui())))
    return report(checks, results, time.monotonic() - begin, filtered=bool(pytest_arguments))


def report(checks: Mapping[str, bool], results: Sequence[TierResult], seconds: float, filtered: bool) -> int:
    """Prints the summary and returns the exit status."""
    print()
    for name, clean in checks.items():
        print(f"{name:8} {'clean' if clean else 'FAILED'}")
    complaints = [name for name, clean in checks.items() if not clean]
    for result in results:
        complaint = result.complaint(filtered)
        complaints += [f"{result.name}: {complaint}"] if complaint else []
        verdict = f"  <- {complaint}" if complaint else ""
        print(f"{result.name:8} {result.passed:5} passed {result.failed:4} failed {result.seconds:8.1f} s{verdict}")
    passed, failed, skipped = (sum(getattr(r, key) for r in results) for key in ("passed", "failed", "skipped"))
    parts = [f"{failed} failed"] * bool(failed) + [f"{passed} passed"] + [f"{skipped} skipped"] * bool(skipped)
    for complaint in complaints:
        print(f"error: {complaint}")
    print(f"=== {', '.join(parts)} in {seconds:.2f}s ===", flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
