"""The browser side: its logic under `node --test`, and how its files are built."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from audio_loop.comfy_host.environment import REPOSITORY

WEB = REPOSITORY / "web"
MODULES = sorted([*WEB.rglob("*.js"), *WEB.rglob("*.mjs")])


def test_the_logic_of_the_browser_side():
    node = shutil.which("node")
    assert node, "these tests need Node.js 18 or newer on PATH"
    tests = sorted(str(path) for path in Path(__file__).parent.glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[1]) >= 10


def test_extensions_are_named_under_the_name_that_the_pack_is_registered_by():
    registered = re.search(r'^name = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[1]
    texts = [path.read_text("utf-8") for path in MODULES]
    names = [name for text in texts for name in re.findall(r'registerExtension\(\{\s*name: "([^"]+)"', text)]
    assert len(names) == sum(text.count("registerExtension(") for text in texts)
    assert names
    assert [name for name in names if not name.startswith(f"{registered}.")] == []


def test_modules_are_small_and_logic_knows_nothing_of_the_page():
    for path in MODULES:
        text = path.read_text("utf-8")
        assert len(text.splitlines()) < 300, path.name
        if path.stem.endswith("_model"):
            code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
            assert not re.search(r"document\.|\bwindow\.(document|app|add|request|location|inner)|\bapp\.", code), path.name
            imported = re.findall(r'^import .* from "(.+)";$', text, re.MULTILINE)
            assert all(name.startswith(("./", "../")) and name.endswith("_model.mjs") for name in imported), path.name
        if path.suffix == ".js":
            # ComfyUI loads every .js file as an extension of its own; what others import is .mjs.
            assert "registerExtension(" in text, path.name
