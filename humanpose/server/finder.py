"""Who is in a clip before it is analysed: ``python -m humanpose.server.finder CLIP START_S``.

A child process: the detector stays out of the server, and an odd clip cannot harm it.
"""

import json
import math
import os
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.pointing import Candidate, people_at_start
from humanpose.errors import ClipError, HumanPoseError
from humanpose.runtime.children import end_with_parent, import_path
from humanpose.server.limits import limit_this_process
from humanpose.server.serving import serving
from humanpose.video import FrameReader, probe

_LIMIT_S = 120.0
_TURN = threading.Lock()  # held while a search runs: one at a time, whoever asks


@dataclass(frozen=True)
class Found:
    """The people in the first frame that shows any."""

    time_s: float
    people: tuple[Candidate, ...]


def find_at_start(clip: Path, *, start_s: float) -> Found:
    """The people at the start of a clip; waits for the search.

    Raises:
        ClipError: the clip cannot be searched.
    """
    command = [sys.executable, "-m", "humanpose.server.finder", str(clip), str(start_s)]
    try:
        with _TURN:
            answer = subprocess.run(
                command,
                env=os.environ | import_path(),
                capture_output=True,
                check=True,
                timeout=_LIMIT_S,
            ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        raise ClipError(
            "nobody could be looked for in this clip; analyse it as it is"
        ) from error
    return found_of(answer)


def found_of(answer: bytes) -> Found:
    """What the child process says.

    Raises:
        ClipError: that the clip cannot be used.
    """
    values = json.loads(answer)
    if "error" in values:
        raise ClipError(values["error"])
    people = (
        Candidate(*(tuple(one[part]) for part in ("at", "left_top", "right_bottom")))
        for one in values["people"]
    )
    return Found(values["time_s"], tuple(people))


def search(clip: Path, *, start_s: float) -> Found:
    """The search itself.

    Raises:
        ClipError: the clip cannot be read.
    """
    frames = FrameReader(probe(clip), start_s=start_s, max_minutes=math.inf)
    with closing(MediaPipePose()) as detector:
        time_s, people = people_at_start(frames, detector)
    return Found(time_s, tuple(people))


def main() -> None:
    end_with_parent()
    limit_this_process(serving())
    try:
        answer = asdict(search(Path(sys.argv[1]), start_s=float(sys.argv[2])))
    except HumanPoseError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
