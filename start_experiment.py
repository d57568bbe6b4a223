"""Starts ComfyUI for experiments: under a RUN_ID of its own, and says what the harness has to know.

    python start_experiment.py [COMFYUI'S OWN ARGUMENTS]
    python start_experiment.py --listen 127.0.0.1 --port 8190

COMFYUI_PATH names ComfyUI's folder if it is not above this one; PYTHON names the Python that has its requirements (default:
this one). RUN_ID is kept if it is set. Traces need no flag: the harness puts Loop Iteration Stamp nodes with trace on into its
copy of the workflow, and the server writes them to output/audio_loop/LTX-2_<run>/trace/.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))
import _bootstrap  # noqa: F401  binds the name audio_loop

sys.path.pop(0)

from audio_loop.comfy_host.environment import EnvironmentSetupError, find_comfyui


def main(arguments: list[str]) -> int:
    """Runs ComfyUI until it ends; gives its exit status."""
    try:
        comfyui = find_comfyui()
    except EnvironmentSetupError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    if comfyui is None:
        sys.stderr.write("error: no ComfyUI found; set COMFYUI_PATH to its folder, the one with main.py\n")
        return 2
    run_id = os.environ.get("RUN_ID") or time.strftime("%Y%m%d-%H%M%S")
    output = output_folder(arguments, comfyui)
    port = option(arguments, "--port") or "8188"
    host = option(arguments, "--listen") or "127.0.0.1"
    lines = [f"export RUN_ID={run_id}", f"export COMFYUI_OUTPUT_DIR={output}", f"export COMFYUI_API_URL=http://{host}:{port}"]
    sys.stdout.write("In the shell of the harness:\n" + "".join(f"  {line}\n" for line in lines))
    sys.stdout.flush()
    command = [os.environ.get("PYTHON") or sys.executable, str(comfyui / "main.py"), *arguments]
    try:
        return subprocess.run(command, cwd=comfyui, env={**os.environ, "RUN_ID": run_id}, check=False).returncode
    except KeyboardInterrupt:
        return 130


def output_folder(arguments: list[str], comfyui: Path) -> Path:
    """The folder that ComfyUI writes to, by its own arguments."""
    given = option(arguments, "--output-directory")
    if given is not None:
        return Path(given).resolve()
    base = option(arguments, "--base-directory")
    return (Path(base).resolve() if base is not None else comfyui) / "output"


def option(arguments: list[str], name: str) -> str | None:
    """The value of one of ComfyUI's options; None if it is not given, or has none."""
    for index, argument in enumerate(arguments):
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
        if argument == name and index + 1 < len(arguments) and not arguments[index + 1].startswith("--"):
            return arguments[index + 1]
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
