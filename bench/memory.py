"""Peak memory of analysing a minute of 1080p.

$ python -m bench.memory
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av

from humanpose.assets import SAMPLE

SECONDS, FPS, SIZE = 60, 30, (1920, 1080)


def peak_gb() -> float:
    """Largest resident set of a whole ``humanpose analyze`` process, GB."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "minute.mp4"
        write_long_clip(clip)
        command = [sys.executable, "-m", "humanpose", "analyze", str(clip)]
        environment = {"HUMANPOSE_CACHE": str(Path(folder) / "cache"), "PATH": "/usr/bin:/bin"}
        command += ["--height", "1.767", "--raw", "--out", folder]
        subprocess.run(command, check=True, env=environment)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def write_long_clip(path: Path) -> None:
    """The sample clip, over and over, enlarged to 1080p."""
    with av.open(path, "w") as file:
        stream = file.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(_frames(SECONDS * FPS)):
            large = frame.reformat(*SIZE, format="yuv420p")
            large.pts, large.time_base = number, Fraction(1, FPS)
            file.mux(stream.encode(large))
        file.mux(stream.encode())


def _frames(count: int) -> Iterator[av.VideoFrame]:
    while count > 0:
        with av.open(SAMPLE) as file:
            for frame in file.decode(video=0):
                if count == 0:
                    return
                yield frame
                count -= 1


if __name__ == "__main__":
    print(f"peak memory of a {SECONDS} s 1080p clip: {peak_gb():.2f} GB")
