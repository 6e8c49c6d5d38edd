"""The tables of a batch: one row a clip, and the failures with their reasons."""

import io
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from humanpose.batch.jobs import Outcome
from humanpose.batch.places import NETWORK, is_local, located
from humanpose.errors import OutputError
from humanpose.runtime.cells import csv_of

SUMMARY_CSV, SUMMARY_PARQUET, FAILURES = "summary.csv", "summary.parquet", "failures.csv"
_FAILURE_COLUMNS = ["clip", "subject", "exit_code", "attempts", "reason"]


def write_summary(outcomes: Sequence[Outcome], out: str) -> str:
    """Write the three tables into ``out``, each whole or not at all; returns the first's place.

    The columns after the clip's own are ``quality`` of ``analysis.json`` and, for every angle,
    range, extremes (deg) and peak velocities (deg/s); empty where a clip failed.

    Raises:
        OutputError: they cannot be written.
    """
    table = pd.DataFrame([_row(outcome) for outcome in outcomes]).sort_values("clip")
    failures = table.loc[table["state"] == "failed", _FAILURE_COLUMNS]
    parquet = io.BytesIO()
    table.to_parquet(parquet, index=False)
    _write(out, SUMMARY_PARQUET, parquet.getvalue())
    _write(out, FAILURES, csv_of(failures).encode())
    return _write(out, SUMMARY_CSV, csv_of(table, float_format="%.6g").encode())


def _row(outcome: Outcome) -> dict[str, float | str]:
    job = outcome.job
    return {
        "clip": job.label or job.clip,
        "subject": job.subject,
        "folder": job.folder,
        "state": outcome.state,
        "reason": outcome.reason,
        "exit_code": outcome.exit_code,
        "attempts": outcome.attempts,
        "seconds": outcome.seconds,
        "worker_peak_mb": outcome.worker_peak_mb,
        "height_m": job.settings.height_m or math.nan,
        "mass_kg": job.settings.effective_mass_kg,
        **outcome.figures,
    }


def _write(out: str, name: str, content: bytes) -> str:
    """No reader sees half a table: on disk it gets its name last, elsewhere it comes whole."""
    files, root = located(out)
    path = f"{root.rstrip('/')}/{name}"
    try:
        files.makedirs(root, exist_ok=True)
        if is_local(out):
            files.pipe_file(f"{path}.part", content)
            Path(f"{path}.part").replace(path)
        else:
            files.pipe_file(path, content)
    except NETWORK as error:
        raise OutputError(f"cannot write {out}/{name}: {error}") from error
    return f"{out.rstrip('/')}/{name}"
