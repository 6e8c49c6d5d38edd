"""Many clips: on this machine's cores or on a Ray cluster, resumable, one result a clip."""

from humanpose.batch.jobs import Job, Outcome
from humanpose.batch.run import run_batch

__all__ = ["Job", "Outcome", "run_batch"]
