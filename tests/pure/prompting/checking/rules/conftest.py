"""Entries of one schedule, and what a rule finds in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.prompting.checking.check import check_schedule

from ..conftest import MUSIC_FITS, SINGER

FREE = replace(MUSIC_FITS, style=None, wants_variety=False)


@pytest.fixture
def found():
    """(line, severity, message, nearest) of what one rule finds; "@" in the text is the subject."""

    def check(rule, text, **wishes):
        checked = check_schedule(text.replace("@", SINGER), replace(FREE, **wishes))
        return [
            (each.finding.line, each.severity, each.finding.message, each.finding.nearest)
            for each in checked.reported
            if each.rule.code == rule
        ]

    return check
