"""Jobs for servers on Ray: started here or joined, with one task at a time on each server.

A task needs one unit of the resource `comfyui`, of which there are as many as servers. Which server it is, a task learns when
it begins; one whose server went away is begun again.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import NoServerLeftError, ServerLostError
from .importable import python_path

RESOURCE = "comfyui"
SECONDS_BETWEEN_TRIES = 0.25
NO_RAY = "several servers need Ray: pip install ray (or the group 'cluster' of Audio Loop)"


class Asked:
    """An actor whose answers are waited for."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        import ray

        method = getattr(self._actor, name)
        return lambda *arguments: ray.get(method.remote(*arguments))


@contextmanager
def started_ray(servers: int, cluster: str | None) -> Iterator[Any]:
    """Ray, for as long as the block lasts.

    Args:
        servers: How many servers there are.
        cluster: Address of a Ray cluster; None starts Ray here.

    Raises:
        ImportError: Ray is not installed.
    """
    # Ray counts its users unless it is told not to.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise ImportError(NO_RAY) from error
    with tempfile.TemporaryDirectory(prefix="audio-loop-farm-") as scratch:
        path = python_path(Path(scratch))
        settings: dict[str, Any] = {} if path is None or cluster else {"runtime_env": {"env_vars": {"PYTHONPATH": path}}}
        if cluster is None:
            settings |= {"resources": {RESOURCE: servers}, "include_dashboard": False}
        ray.init(address=cluster or "local", log_to_driver=False, logging_level=logging.ERROR, **settings)
        try:
            yield ray
        finally:
            ray.shutdown()


def actor_here(ray: Any, kind: type, *arguments: Any) -> Any:
    """An actor on the machine that Ray was started from: it has the folders."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    node = ray.get_runtime_context().get_node_id()
    where = {"scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=False)}
    return ray.remote(num_cpus=0, **where)(kind).remote(*arguments)


def server_task(ray: Any, work: Callable[..., Any], urls: Sequence[str], cluster: str | None) -> Any:
    """A function as a task that is begun again on another server if its own went away (`ServerLostError`)."""
    again = {"max_retries": len(urls), "retry_exceptions": [ServerLostError]}
    # The nodes of a cluster know no servers; there a waiting task takes a core's place.
    needs: dict[str, Any] = {"num_cpus": 1} if cluster else {"num_cpus": 0, "resources": {RESOURCE: 1}}
    return ray.remote(**needs, **again)(work)


@contextmanager
def leased(servers: Any, job: str) -> Iterator[str]:
    """The address of a server, which is nobody else's for as long as the block lasts.

    Args:
        servers: The actor `Servers`.
        job: Name of the job.

    Raises:
        NoServerLeftError: None is left.
    """
    asked, url = Asked(servers), None
    while url is None:
        url = asked.lease(job)
        if url is None:
            time.sleep(SECONDS_BETWEEN_TRIES)
    try:
        yield url
    except ServerLostError as error:
        asked.lose(url, str(error))
        raise
    finally:
        asked.give_back(url)


def why(error: Exception) -> str:
    """The reason of a failed task in one line: Ray's own text holds the stack of another process."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, ServerLostError):
        return f"{cause}; it was tried on every server"
    if isinstance(cause, NoServerLeftError):
        return str(cause)
    return str(cause) if cause is not None else str(error).strip().splitlines()[-1]
