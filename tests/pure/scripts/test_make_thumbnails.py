"""Thumbnails of the Templates browser: a pack's picture and file name are all that it shows of a workflow."""

from __future__ import annotations

import importlib.util
import itertools
import sys

import pytest
from PIL import Image, ImageChops, ImageStat

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph.shipped import catalogue, classic

AS_SHOWN_PX = 200
LEAST_DIFFERENCE = 8
"""Mean difference of two thumbnails as shown, of 255."""


@pytest.fixture(scope="module")
def thumbnails():
    sys.path.insert(0, str(REPOSITORY / "scripts"))
    try:
        spec = importlib.util.spec_from_file_location("make_thumbnails", REPOSITORY / "scripts" / "make_thumbnails.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(REPOSITORY / "scripts"))
    return {name: module.thumbnail(name) for name in [*catalogue.WORKFLOWS, classic.NAME]}


def test_thumbnails_are_square(thumbnails):
    assert {picture.size for picture in thumbnails.values()} == {(512, 512)}


def test_variants_can_be_told_apart_as_they_are_shown(thumbnails):
    small = {name: picture.resize((AS_SHOWN_PX, AS_SHOWN_PX), Image.Resampling.LANCZOS) for name, picture in thumbnails.items()}
    alike = [
        (a, b)
        for a, b in itertools.combinations(small, 2)
        if sum(ImageStat.Stat(ImageChops.difference(small[a], small[b])).mean) / 3 < LEAST_DIFFERENCE
    ]
    assert alike == []
