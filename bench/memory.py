"""Peak memory of analysing a minute of 1080p.

$ python -m bench.memory
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av

from bench.processes import peak_gb_of
from humanpose.assets import SAMPLE

SECONDS, FPS, SIZE = 60, 30, (1920, 1080)


def peak_gb() -> float:
    """Largest resident set of a whole ``humanpose analyze`` process, GB."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "minute.mp4"
        write_clip(clip, repeated_sample(SECONDS * FPS), size=SIZE)
        command = [sys.executable, "-m", "humanpose", "analyze", str(clip)]
        environment = {"HUMANPOSE_CACHE": str(Path(folder) / "cache"), "PATH": "/usr/bin:/bin"}
        command += ["--height", "1.767", "--raw", "--out", folder]
        return peak_gb_of(command, environment)


def write_clip(
    path: Path, pictures: Iterable[av.VideoFrame], *, size: tuple[int, int], fps: int = FPS
) -> None:
    """Pictures in another ``size``, width and height in px, at so many frames/s."""
    with av.open(path, "w") as file:
        stream = file.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(pictures):
            scaled = frame.reformat(*size, format="yuv420p")
            scaled.pts, scaled.time_base = number, Fraction(1, fps)
            file.mux(stream.encode(scaled))
        file.mux(stream.encode())


def repeated_sample(count: int) -> Iterator[av.VideoFrame]:
    """So many pictures of the sample clip, over and over."""
    while count > 0:
        with av.open(SAMPLE) as file:
            for frame in file.decode(video=0):
                if count == 0:
                    return
                yield frame
                count -= 1


if __name__ == "__main__":
    print(f"peak memory of a {SECONDS} s 1080p clip: {peak_gb():.2f} GB")
