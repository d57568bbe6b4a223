"""Keeps torch out of this tier: its workers stay small, and tests of memory start processes from them."""

from __future__ import annotations

import sys

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    before = "torch" in sys.modules
    report = yield
    if not before and "torch" in sys.modules:
        report.outcome = "failed"
        report.longrepr = "it imports torch, or a module that does; it belongs into tests/torch"
    return report
