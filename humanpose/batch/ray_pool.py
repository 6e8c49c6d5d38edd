"""The same on a Ray cluster, whose machines all have humanpose and reach clips and results."""

import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from humanpose.batch.jobs import Job, Outcome, Try
from humanpose.batch.threads import ONE_CORE, THREADS
from humanpose.errors import SettingsError
from humanpose.runtime.children import import_path

_LOOK_EVERY_S = 1.0


def run_on_ray(
    jobs: Sequence[Job], *, address: str, workers: int | None, timeout_s: float
) -> Iterator[Outcome]:
    """Outcomes as they come; as ``run_local``, on as many cores as the cluster has at the time.

    Args:
        address: of the cluster's head, or ``auto`` for the one on this machine.
        workers: at most so many at once; None: one a core.

    Raises:
        SettingsError: Ray is not installed, or no cluster answers.
    """
    ray = _connected(address)
    from humanpose.batch.work import work  # only here: it takes a second

    remote = ray.remote(num_cpus=1, max_retries=0)(work)
    waiting = deque(Try(job) for job in jobs)
    running: dict[Any, tuple[Try, float]] = {}
    try:
        while waiting or running:
            cores = int(ray.cluster_resources().get("CPU", 1))
            while waiting and len(running) < min(workers or cores, cores):
                task = waiting.popleft()
                running[remote.remote(task.job)] = task, time.monotonic()
            for reference in _ended(ray, running, timeout_s):
                task, since_s = running.pop(reference)
                outcome = _answer(ray, reference, task, since_s, timeout_s)
                if outcome is None and task.may_be_repeated:
                    waiting.append(task.again())
                else:
                    yield outcome or task.died()
    finally:
        ray.shutdown()  # what still runs is stopped


def _connected(address: str) -> Any:
    try:
        import ray
    except ImportError as error:
        raise SettingsError(
            "--ray needs Ray, which is not installed; run: pip install -r requirements-ray.txt"
        ) from error
    try:
        ray.init(
            address=address,
            runtime_env={"env_vars": THREADS | ONE_CORE | import_path()},
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise SettingsError(
            f"no Ray cluster answers at {address!r}; start one with: ray start --head, and set"
            " RAY_AUTH_MODE=token here if it says that it asks for a token"
        ) from error
    return ray


def _ended(ray: Any, running: dict[Any, tuple[Try, float]], timeout_s: float) -> list[Any]:
    ready, _ = ray.wait(list(running), num_returns=1, timeout=_LOOK_EVERY_S)
    late_s = time.monotonic() - timeout_s
    late = [reference for reference, (_, since_s) in running.items() if since_s < late_s]
    return list(dict.fromkeys([*ready, *late]))


def _answer(
    ray: Any, reference: Any, task: Try, since_s: float, timeout_s: float
) -> Outcome | None:
    """None: the worker died, or its machine did."""
    try:
        return task.ended(ray.get(reference, timeout=0))
    except ray.exceptions.GetTimeoutError:
        ray.cancel(reference, force=True)
        return task.overdue(timeout_s)
    except ray.exceptions.RayError:
        return None
