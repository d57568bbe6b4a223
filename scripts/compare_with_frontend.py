"""How many of ComfyUI's official templates `to-api` converts as the frontend does, and why the rest differ.

    python scripts/compare_with_frontend.py [NAME ...]

Starts a ComfyUI and its frontend in a browser, shows it every template and blueprint (or those named), and compares what
*Run* would send with our conversion. Takes a few minutes for all of them.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.comfy_host.environment import EnvironmentSetupError, ensure_comfyui, ensure_environment, reexec_inside


def main() -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="templates to compare; all by default")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        comfyui = ensure_comfyui()
        reexec_inside(ensure_environment(comfyui))
        return compare(comfyui, options.names)
    except EnvironmentSetupError as error:
        print(error, file=sys.stderr)
        return 2


def compare(comfyui: Path, names: Iterable[str]) -> int:
    """Compares and prints; 0 if every named template was there."""
    from audio_loop.comfy_host import frontend, template_comparison
    from audio_loop.comfy_host.client import ComfyClient
    from audio_loop.comfy_host.server import ComfyServer
    from audio_loop.workflow_graph.schemas import Schemas

    files = template_comparison.template_files(comfyui)
    missing = sorted(set(names) - set(files))
    if missing:
        print(f"no template is called {', '.join(missing)}", file=sys.stderr)
        return 2
    results = []
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        frontend.write_settings(base)
        server = stack.enter_context(ComfyServer(comfyui, base, api_nodes=True))
        client = stack.enter_context(ComfyClient(server.url))
        schemas = Schemas.load().merged(Schemas.from_object_info(client.object_info()))
        browser = stack.enter_context(frontend.browser())
        page = browser.new_page()
        frontend.show_empty_graph(page, server.url)
        for name in names or files:
            results.append(template_comparison.compare(page, name, files[name], schemas))
            if results[-1].difference:
                unknown = f" (unknown types: {', '.join(results[-1].unknown_types)})" if results[-1].unknown_types else ""
                print(f"{name}: {results[-1].difference[:300]}{unknown}", flush=True)
    known = [result for result in results if not result.unknown_types]
    for title, group in (("all", results), ("without unknown node types", known)):
        print(f"{sum(not result.difference for result in group)} of {len(group)} equal ({title})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
