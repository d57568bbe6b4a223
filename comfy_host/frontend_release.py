"""The newest release of ComfyUI's frontend, in a folder of its own: users get it long before ComfyUI pins it.

Neither the environment nor the ComfyUI checkout is changed; a server takes the folder with `--front-end-root`.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .environment import EnvironmentSetupError, cache_root

log = logging.getLogger(__name__)

PACKAGE = "comfyui-frontend-package"
STATIC = Path("comfyui_frontend_package") / "static"


def newest_frontend(cache: Path | None = None) -> Path:
    """The folder with the newest frontend's `index.html`; asks the package index each time which one that is.

    Args:
        cache: Where releases are kept, by version; `cache_root()` if it is left out.

    Raises:
        EnvironmentSetupError: The package index does not answer, or what it gave is no frontend.
    """
    version = newest_version()
    releases = (cache or cache_root()) / "frontends"
    release = releases / version
    if not release.is_dir():
        log.info("installing ComfyUI's frontend %s for the browser tests", version)
        releases.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=releases, prefix=".unfinished-") as scratch:
            unpacked = Path(scratch) / version
            _pip("install", "--no-deps", "--target", str(unpacked), f"{PACKAGE}=={version}")
            _take_over(unpacked, release)
    if not (release / STATIC / "index.html").is_file():
        raise EnvironmentSetupError(f"{release} holds no frontend ({STATIC}/index.html). Delete it and try again.")
    return release / STATIC


def newest_version() -> str:
    """The version of the newest release that pip would install.

    Raises:
        EnvironmentSetupError: The package index does not answer.
    """
    answer = _pip("install", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-", PACKAGE)
    try:
        return str(json.loads(answer)["install"][0]["metadata"]["version"])
    except (ValueError, LookupError, TypeError) as error:
        raise EnvironmentSetupError(f"pip did not say which {PACKAGE} is the newest: {answer[:500]!r}") from error


def _take_over(unpacked: Path, release: Path) -> None:
    try:
        unpacked.rename(release)
    except OSError:
        # Another run was faster.
        if not release.is_dir():
            raise


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", env=environment
    )
    if done.returncode != 0:
        raise EnvironmentSetupError(
            f"{(done.stdout + done.stderr)[-2000:]}\npip could not get the newest {PACKAGE}. The browser tests run on the "
            "frontend that ComfyUI pins and on the newest one, so they need the package index (or a mirror of it)."
        )
    return done.stdout
