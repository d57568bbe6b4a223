"""What the registry is told in pyproject.toml, and the pictures that the publisher gives it the addresses of."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

from PIL import Image, ImageChops

from .import_graph import REPOSITORY

PICTURES = {"icon.png": (400, 400), "banner.png": (1260, 540)}
FOLDER = REPOSITORY / "docs" / "registry"
LARGEST_BYTES = 60_000
KNOWN = {"PublisherId", "DisplayName", "Icon", "Banner", "requires-comfyui", "includes"}


def settings():
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def test_every_field_is_there_and_what_is_empty_is_told_to_the_publisher():
    comfy, page = settings()["tool"]["comfy"], (REPOSITORY / "docs" / "release.md").read_text("utf-8")
    assert comfy.keys() == KNOWN
    assert re.fullmatch(r">=\d+\.\d+\.\d+", comfy["requires-comfyui"])
    for name, value in comfy.items():
        assert value or f"`{name}`" in page or f"] {name}`" in page, name


def test_the_pictures_are_small_and_those_that_the_script_draws(tmp_path):
    script = REPOSITORY / "scripts" / "make_registry_pictures.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(PICTURES)
    for name, size_px in PICTURES.items():
        kept, drawn = Image.open(FOLDER / name), Image.open(tmp_path / name)
        assert kept.size == drawn.size == size_px
        # Another release of the library may round an edge in another way.
        assert max(high for _, high in ImageChops.difference(kept, drawn).getextrema()) <= 16, name
        assert (FOLDER / name).stat().st_size <= LARGEST_BYTES


def test_the_banner_is_21_to_9_and_the_icon_a_square():
    assert PICTURES["banner.png"][0] * 9 == PICTURES["banner.png"][1] * 21
    assert PICTURES["icon.png"][0] == PICTURES["icon.png"][1]
