"""Make views of recorded motion on which MediaPipe's 3-D and POF both err, for MainRefiner.

$ python -m train.data.fusion_views --bank motion.npz --windows 4000 --out DIR

Rendered pairs are few. Here the errors of keypoints and of MediaPipe's 3-D come from
``train.synth.errors.model``; POF and the fit are the product's own. The shards are like
those of ``train.data.angle_sequences``, as far as poses go: no angles.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

from humanpose.body.clip import Clues
from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.lift.baseline import lift
from humanpose.motion import motion_of
from humanpose.nets.places import find_checkpoint
from humanpose.pipeline import motion_options
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field
from humanpose.runtime.replace import check_writable
from humanpose.sequence import Floats, Landmarks, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE, MEDIAPIPE33
from train.data.views import MotionViews, undisturbed
from train.engine.command import exit_code
from train.recordings.pairs import Arrays
from train.synth.motion.bank import Bank
from train.synth.shards import write_shard

FPS = 15.0
FRAMES = 32
IN_SHARD = 100
KNOWN_FOCAL = 0.3
"""Share of the views of which the product would know the field of view."""
HEIGHT_SD = 0.02
"""By how much the height misses what trunk and legs make it, relative."""
_TRUNK_AND_LEG = 0.756
"""Of the body height, see ``humanpose.lift.baseline``."""
_PICTURE = (1, 1)
"""px: views count from the picture's middle, which is that of a picture of one pixel."""


def main(arguments: list[str] | None = None) -> int:
    """Make them; 0, or the exit code of what went wrong."""
    return exit_code("train.data.fusion_views", _parser(), _generate, arguments)


def _generate(options: argparse.Namespace) -> None:
    check_writable(options.out)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    pof = CameraPOFInference(find_checkpoint(options.pof_model_path))
    views = MotionViews(Bank.load(options.bank), frames=FRAMES)
    for shard in range(-(-options.windows // IN_SHARD)):
        path = options.out / f"views-{shard:04d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng((options.seed, shard))
        write_shard(path, drawn(views, pof, IN_SHARD, rng))
        print(path.name, file=sys.stderr, flush=True)


def drawn(
    views: MotionViews, pof: CameraPOFInference, windows: int, rng: np.random.Generator
) -> list[Arrays]:
    """At most so many windows: those in which a body is found."""
    seen = views.draw(rng, windows, fps=FPS)
    true = undisturbed(seen).keypoints
    found = views.errors.detect(true, seen.joints, FPS, rng)
    knows = rng.random(windows) < KNOWN_FOCAL
    focal = np.where(knows, seen.focal_px, seen.default_px)
    made = []
    for i in range(windows):
        pixels, world, visibility = (
            np.full((FRAMES, len(MEDIAPIPE33), *shape), empty)
            for shape, empty in (((2,), np.nan), ((3,), np.nan), ((), 0.0))
        )
        pixels[:, COCO_IN_MEDIAPIPE] = found.keypoints[i]
        world[:, COCO_IN_MEDIAPIPE] = found.world[i]
        visibility[:, COCO_IN_MEDIAPIPE] = found.visibility[i]
        landmarks = Landmarks(pixels, world, visibility, Timeline(FRAMES, FPS), _PICTURE)
        height_m = _height_m(seen.joints[i]) * float(np.exp(rng.normal(0, HEIGHT_SD)))
        try:
            made.append(_posed(landmarks, Camera(float(focal[i]), _PICTURE), pof, height_m))
        except ClipError:
            continue
        made[-1]["joints_true"] = seen.joints[i].astype(np.float32)
    return made


def _posed(
    landmarks: Landmarks, camera: Camera, pof: CameraPOFInference, height_m: float
) -> Arrays:
    settings = Settings(height_m=float(np.clip(height_m, 0.5, 2.5)))
    raw = lift(landmarks, camera, height_m=settings.effective_height_m)
    field = limb_field(pof, landmarks, camera)
    motion = motion_of(landmarks, raw, camera, motion_options(settings), Clues(field))
    poses = {"raw": raw} | ({"pof": motion.body} if motion.body is not None else {})
    arrays: Arrays = {
        "side": np.array("train"),
        "origin": np.array("views"),
        "fps": np.array(FPS),
        "height": np.array(settings.effective_height_m),
        "image_size": np.array(_PICTURE),
        "focal_assumed": np.array(camera.focal_px),
        "keypoints": landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        "visibility": landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        "limb_directions": field.directions,
        "limb_concentration": field.concentration,
    }
    for name, pose in poses.items():
        arrays |= {
            f"body_{name}": pose.positions,
            f"body_confidence_{name}": pose.confidence,
        }
    return {
        k: v.astype(np.float32) if v.ndim and v.dtype.kind == "f" else v
        for k, v in arrays.items()
    }


def _height_m(joints: Floats) -> float:
    """Of a person whose (T, 17, 3) joints are known."""

    def mid(part: str) -> Floats:
        return joints[:, COCO17.indices(f"left_{part}", f"right_{part}")].mean(axis=1)

    def length(side: str, start: str, end: str) -> float:
        a, b = (joints[:, COCO17.index(f"{side}_{part}")] for part in (start, end))
        return float(np.linalg.norm(b - a, axis=1).mean())

    trunk = float(np.linalg.norm(mid("shoulder") - mid("hip"), axis=1).mean())
    legs = [
        length(s, *bone)
        for s in ("left", "right")
        for bone in (("hip", "knee"), ("knee", "ankle"))
    ]
    return (trunk + sum(legs) / 2) / _TRUNK_AND_LEG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.data.fusion_views", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--bank", type=Path, required=True, help="of train.synth.motion.bank")
    parser.add_argument("--out", type=Path, required=True, help="folder of the shards")
    parser.add_argument("--windows", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pof-model-path", default=Settings.pof_model_path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
