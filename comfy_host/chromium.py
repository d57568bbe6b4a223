"""Finds a Chromium, Chrome or Edge for the browser tests, or installs Debian's Chromium if that is allowed."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .environment import EnvironmentSetupError

log = logging.getLogger(__name__)

ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
USUAL_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
        "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
        "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
        "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
    ),
}
# No sandbox: a container's root has none. The rest keeps the browser from doing anything but showing our page.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path | None:
    """An installed browser of the Chromium family: `AUDIO_LOOP_CHROMIUM`, then PATH, then the usual places.

    Raises:
        EnvironmentSetupError: `AUDIO_LOOP_CHROMIUM` names no file.
    """
    named = environ.get("AUDIO_LOOP_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise EnvironmentSetupError(f"AUDIO_LOOP_CHROMIUM is {named!r}, but there is no such file. Unset or correct it.")
        return Path(named)
    for name in ON_PATH:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            return Path(found)
    places = (Path(_expanded(place, environ)) for place in USUAL_PLACES.get(platform, ()))
    return next((place for place in places if place.is_file()), None)


def _expanded(place: str, environ: Mapping[str, str]) -> str:
    for variable in ("PROGRAMFILES(X86)", "PROGRAMFILES", "LOCALAPPDATA"):
        place = place.replace("{" + variable + "}", environ.get(variable, ""))
    return place


def ensure_chromium() -> Path:
    """`find_chromium`, else Debian's package, if this user may install packages.

    Raises:
        EnvironmentSetupError: there is none and it could not be installed.
    """
    found = find_chromium()
    if found:
        return found
    apt = apt_command()
    if apt is None:
        raise EnvironmentSetupError(
            "The browser tests need Chromium, Chrome or Edge, and none was found. "
            "Install one, or set AUDIO_LOOP_CHROMIUM to the program."
        )
    log.info("installing Chromium with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "chromium")):
        done = subprocess.run(
            [*apt, *step], check=False, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
        )
        if done.returncode != 0:
            raise EnvironmentSetupError(
                f"{' '.join([*apt, *step])} failed:\n{(done.stderr or done.stdout)[-2000:]}\n"
                "Install Chromium, Chrome or Edge yourself, or set AUDIO_LOOP_CHROMIUM to the program."
            )
    found = find_chromium()
    if found is None:
        raise EnvironmentSetupError("apt-get installed the package chromium, but no program of that name is on PATH.")
    return found


def apt_command() -> tuple[str, ...] | None:
    """How this user may call apt-get: directly as root, through sudo if it asks for no password, else None."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return (apt,)
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return (sudo, "-n", apt)
    return None
