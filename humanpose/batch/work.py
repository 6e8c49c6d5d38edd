"""What a worker does with one clip."""

import hashlib
import math
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from fsspec import AbstractFileSystem

from humanpose.batch.figures import saved_figures, saved_record
from humanpose.batch.jobs import Job, Outcome, State
from humanpose.batch.places import is_local, local_copy, located, publish
from humanpose.errors import HumanPoseError, NewerAnalysisError
from humanpose.io.folder import FIGURE, save_analysis
from humanpose.settings import Settings
from humanpose.version import __version__


def work(job: Job) -> Outcome:
    """Analyse and save one clip, unless an equal analysis is there; a user's error is an
    outcome, anything else is a mistake of ours and raises."""
    start = time.monotonic()
    try:
        with local_copy(job.clip) as clip:
            done_before = _is_done(job, clip)
            if not done_before:
                _analyse(job, clip)
        figures = saved_figures(*_folder(job))
        state: State = "skipped" if done_before else "done"
        outcome = Outcome(job=job, state=state, figures=figures)
    except HumanPoseError as error:
        code = error.exit_code
        outcome = Outcome(job=job, state="failed", reason=_reason(error, job), exit_code=code)
    return replace(outcome, seconds=time.monotonic() - start, worker_peak_mb=_peak_mb())


def _reason(error: HumanPoseError, job: Job) -> str:
    """Its sentence, which calls the clip as the tables do instead of telling where it goes."""
    place = f"{job.out}/{job.folder}"
    return str(error).replace(place, job.label or place)


def _is_done(job: Job, clip: Path) -> bool:
    """Whether an analysis of this content by this version, settings and models is there.

    Raises:
        NewerAnalysisError: a newer version's is there, which is never replaced unasked.
    """
    files, folder = _folder(job)
    if not clip.is_file():  # the analysis says why in a sentence
        return False
    try:
        saved = saved_record(files, folder)
        same = (
            saved["versions"]["humanpose"] == __version__
            and Settings(**saved["settings"]) == job.settings
            and job.models.items() <= (saved["versions"] | saved["checkpoint_sha256"]).items()
            and saved["versions"]["clip_sha256"] == _sha256(clip)
            and (not job.plot or files.exists(f"{folder}/{FIGURE}"))
        )
        return bool(same and saved_figures(files, folder))
    except NewerAnalysisError:
        raise
    except (HumanPoseError, LookupError, TypeError, AttributeError):
        return False


def _analyse(job: Job, clip: Path) -> None:
    from humanpose.pipeline import analyze  # not where everything is skipped

    analysis = analyze(clip, job.settings, progress=job.progress)
    if is_local(job.out):
        save_analysis(analysis, Path(located(job.out)[1]), plot=job.plot)
        return
    with TemporaryDirectory(prefix="humanpose-result-") as folder:
        publish(save_analysis(analysis, Path(folder), plot=job.plot), job.out)


def _folder(job: Job) -> tuple[AbstractFileSystem, str]:
    files, root = located(job.out)
    return files, f"{root.rstrip('/')}/{job.folder}"


def _peak_mb() -> float:
    if sys.platform == "win32":
        return math.nan
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _sha256(clip: Path) -> str:
    with clip.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
