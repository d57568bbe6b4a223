"""Writes the tiny LTX 2.3, its spatial upscaler and the tiny LTX 2.5 into a ComfyUI models folder.

Random weights of the true architecture, 13 MB in all.

usage: make_tiny_ltx.py MODELS_FOLDER [--formats]      run with the Python that runs ComfyUI
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.comfy_host.environment import ensure_comfyui


def main() -> None:
    """Writes the files and prints their paths."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, help="its folders are made in it")
    parser.add_argument("--formats", action="store_true", help="2.3 also in fp8, mxfp8, nvfp4 and int8, and its VAEs as files")
    arguments = parser.parse_args()

    sys.path.insert(0, str(ensure_comfyui()))
    from comfy.cli_args import args as comfyui_options

    # ComfyUI looks for a GPU when it is imported, and gives up if there is none.
    comfyui_options.cpu = True
    from audio_loop.demo.tiny_ltx import write_tiny_ltx
    from audio_loop.demo.tiny_ltx25 import write_tiny_ltx25
    from audio_loop.demo.tiny_upscaler import write_tiny_upscaler

    models = arguments.models
    written = [*write_tiny_ltx(models), write_tiny_upscaler(models), *write_tiny_ltx25(models)]
    if arguments.formats:
        from audio_loop.demo.tiny_formats import write_formats

        written += write_formats(models)
    for path in written:
        print(path.resolve())


if __name__ == "__main__":
    main()
