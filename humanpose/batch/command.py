"""``humanpose batch``: from options to jobs, and from outcomes to an exit code."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console

from humanpose.batch.jobs import Job, Outcome
from humanpose.batch.places import expanded
from humanpose.batch.progress import BatchProgress
from humanpose.batch.run import Where, run_batch
from humanpose.batch.subjects import Row, Subjects, read_subjects, settings_of_row
from humanpose.errors import ClipError, HumanPoseError, OutputError, SettingsError
from humanpose.learned.loading import model_hashes
from humanpose.settings import Settings


def batch(options: argparse.Namespace, given: Mapping[str, Any]) -> str:
    """Analyse the clips; returns the place of the summary.

    Args:
        given: the settings of all clips, by field, where their rows do not say otherwise.

    Raises:
        ClipError: some clips could not be used; the others are done.
        OutputError: some results could not be written.
        HumanPoseError: as ``analyze``, before any clip is touched.
    """
    where = Where(workers=options.workers, ray=options.ray, timeout_min=options.clip_timeout)
    subjects = read_subjects(options.subjects) if options.subjects else Subjects()
    clips = list(dict.fromkeys(expanded(options.clips or _listed(subjects, options.subjects))))
    if not clips:
        raise SettingsError("name the clips to analyse, e.g. humanpose batch clips/*.mp4")
    jobs = [_job(clip, subjects.of(clip), options, given) for clip in clips]
    report = BatchProgress(Console(stderr=True), len(jobs))
    outcomes, summary = run_batch(jobs, where=where, report=report)
    print(summary)
    _raise_failures(outcomes, options.out)
    return summary


def _listed(subjects: Subjects, table: Path | None) -> list[str]:
    """The table's own clips, seen from its folder."""
    if table is None:
        return []
    names = [row["clip"] for row in subjects.rows]
    return [name if "://" in name else str(table.parent / name) for name in names]


def _job(clip: str, row: Row, options: argparse.Namespace, given: Mapping[str, Any]) -> Job:
    try:
        settings = settings_of_row(row, given)
    except SettingsError as error:
        raise SettingsError(f"{clip}: {error}") from error
    return Job(
        clip=clip,
        out=str(options.out),
        settings=settings,
        subject=row.get("subject", ""),
        models=models_of(settings),
        plot=options.plot_all_joint_angles,
    )


def models_of(settings: Settings) -> dict[str, str]:
    """Name → SHA-256 of the model files that the settings ask for.

    Raises:
        CheckpointError: one is missing, so that this is said before any clip is read.
    """
    return _models(_learned_part(settings))


def _learned_part(settings: Settings) -> Settings:
    """Without what differs from clip to clip, so that models are looked at once a batch."""
    return replace(
        settings,
        height_m=1.7,
        mass_kg=None,
        start_s=0.0,
        end_s=None,
        person_at=None,
        neutral_at_s=None,
    )


@cache
def _models(settings: Settings) -> dict[str, str]:
    return model_hashes(settings)


def _raise_failures(outcomes: Sequence[Outcome], out: object) -> None:
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    if not failed:
        return
    kinds: dict[int, type[HumanPoseError]] = {OutputError.exit_code: OutputError}
    kind = next((kinds[o.exit_code] for o in failed if o.exit_code in kinds), ClipError)
    raise kind(
        f"{len(failed)} of {len(outcomes)} clips failed; the reasons are in {out}/failures.csv"
    )
