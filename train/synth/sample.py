"""The project's own clips, rendered: the sample that ships and the small ones of the tests.

$ python -m train.synth.sample --body DIR --out humanpose/assets
$ python -m train.synth.sample --body DIR --test-clips tests/data
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from train.engine.command import exit_code, parser_of
from train.synth.body.body import Body
from train.synth.body.makehuman import Assets, Shape
from train.synth.body.wardrobe import Outfit
from train.synth.clip import Scene, film, pixels, truth, write_mp4
from train.synth.motion.channels import Keyframe, Motion, keyframed
from train.synth.motion.gait import Walk
from train.synth.motion.perform import Performance, perform
from train.synth.scene.camera import Camera
from train.synth.scene.room import room

FPS = 30
STANDING = {
    "arm_add": -8, "arm_flex": 2, "arm_rot": 14, "elbow_flex": 15, "pro_sup": 82,
    "lumbar_extension": -2, "pelvis_up": -0.002,
}  # fmt: skip
SQUAT = {
    "pelvis_up": -0.42, "pelvis_forward": -0.24, "pelvis_tilt": -24, "lumbar_extension": -16,
    "arm_flex": 78, "arm_add": -14, "elbow_flex": 22, "pro_sup": 60, "arm_rot": 6,
    "head_nod": 22,
}  # fmt: skip
ARMS_UP = {
    "arm_flex_r": 22, "arm_add_r": -70, "arm_rot_r": -12, "elbow_flex_r": 52, "pro_sup_r": 60,
    "arm_flex_l": 108, "arm_add_l": -32, "arm_rot_l": 30, "elbow_flex_l": 24, "pro_sup_l": 70,
    "lumbar_bending": 3, "lumbar_extension": 2, "head_tilt": 4, "head_nod": 8,
}  # fmt: skip
SHAPE = Shape("male", muscle=0.5, weight=0.5, stature=0.05)
SECONDS = 7.6
HEADING_DEG = 42.0
WALK = Walk(start_s=4.95, steps=4, step_s=0.54, length=0.62)
ROUTINE: list[Keyframe] = [
    (0.0, STANDING | {"head_turn": 0, "head_nod": 0}),
    (0.5, {"head_turn": -14}),
    (0.9, STANDING | {"head_turn": 0, "head_nod": 0, "pelvis_tilt": 0, "pelvis_forward": 0}),
    (2.0, SQUAT),
    (2.2, SQUAT),
    (3.2, STANDING | {"head_nod": 0, "pelvis_tilt": 0, "pelvis_forward": 0}),
    (4.0, ARMS_UP),
    (4.2, ARMS_UP),
    (5.15, STANDING | {"head_tilt": 0, "lumbar_bending": 0, "head_nod": 0}),
]


def main(arguments: list[str] | None = None) -> int:
    """Render what is asked for; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__, "body")
    parser.add_argument("--out", type=Path, help="write sample.mp4 and sample_truth.npz here")
    parser.add_argument("--test-clips", type=Path, help="write the clips of the tests here")
    return exit_code("train.synth.sample", parser, _render, arguments)


def _render(options: argparse.Namespace) -> None:
    assets = Assets.load(options.body)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        sample(assets, options.out)
    if options.test_clips:
        options.test_clips.mkdir(parents=True, exist_ok=True)
        small_person(assets, options.test_clips)
        two_people(assets, options.test_clips)


def sample(assets: Assets, folder: Path) -> None:
    """The clip that ships: stand, squat, raise the arms, walk; seen from the front right."""
    body = Body.build(assets, SHAPE)
    action = keyframed(ROUTINE, seconds=SECONDS, fps=FPS)
    person = _walking(body, action, WALK, heading_deg=HEADING_DEG)
    camera = Camera.looking(
        np.array([0.5, 1.25, 3.7]), np.array([0.5, 0.81, 0]), fov_deg=60, size=(640, 480)
    )
    scene = Scene([(person, Outfit())], camera, room(np.random.default_rng(1)))
    write_mp4(folder / "sample.mp4", film(scene), size=camera.size, fps=FPS, crf=20)
    np.savez_compressed(folder / "sample_truth.npz", **truth(person, camera))


def small_person(assets: Assets, folder: Path) -> None:
    """Somebody 90 px tall in a 720p picture, off-centre, strolling."""
    body = Body.build(assets, Shape("female", weight=0.45))
    walk = Walk(-1.2, steps=12, step_s=0.6, length=0.55)
    upright = keyframed([(0, STANDING)], seconds=2, fps=FPS)
    person = _passing(_walking(body, upright, walk, heading_deg=55), x_m=0.5, z_m=0)
    size, fov_deg, tall_px = (1280, 720), 60, 91  # walking takes 1 off
    focal = size[0] / 2 / np.tan(np.radians(fov_deg / 2))
    distance = focal * body.height_m / tall_px
    eye = np.array([-3.5, 1.6, distance])
    ahead = np.array([0, -0.06, -1])
    camera = Camera.looking(eye, eye + ahead, fov_deg=fov_deg, size=size)
    panels = room(np.random.default_rng(5), width_m=40, height_m=12, back_m=4, front_m=20)
    _write(folder, "small_person", Scene([(person, Outfit())], camera, panels), crf=27)


def two_people(assets: Assets, folder: Path) -> None:
    """A larger person walks to the right and crosses a smaller one, who walks to the left."""
    tall = Body.build(assets, Shape("male", stature=0.1))
    short = Body.build(assets, Shape("female", weight=0.4, stature=-0.1))
    walk = Walk(-1.0, steps=12)
    upright = keyframed([(0, STANDING)], seconds=3, fps=FPS)
    near = _passing(_walking(tall, upright, walk, heading_deg=75), x_m=-0.15, z_m=0.4)
    far = _passing(_walking(short, upright, walk, heading_deg=-75), x_m=-0.1, z_m=-1.3)
    camera = Camera.looking(
        np.array([0, 1.4, 4.6]), np.array([0, 0.85, 0]), fov_deg=60, size=(640, 480)
    )
    yellow = Outfit(top=(230, 200, 90), bottom=(60, 90, 150), sleeve=0.95, hair=(30, 20, 15))
    panels = room(np.random.default_rng(3))
    _write(
        folder, "two_people", Scene([(near, Outfit()), (far, yellow)], camera, panels), crf=27
    )


def _walking(body: Body, action: Motion, walk: Walk, *, heading_deg: float) -> Performance:
    """The action, and the walk on top of it."""
    seconds = len(action) / FPS
    return perform(
        action.plus(walk.motion(seconds=seconds, fps=FPS)),
        body,
        heading_deg=heading_deg,
        footprints={side: walk.footprints(side) for side in "rl"},
    )


def _passing(person: Performance, *, x_m: float, z_m: float) -> Performance:
    """Moved so that half-way through the clip the hips are at the given place."""
    middle = person.points[len(person) // 2, 11:13].mean(axis=0)
    return person.moved(np.array([x_m - middle[0], 0, z_m - middle[2]]))


def _write(folder: Path, name: str, scene: Scene, *, crf: int) -> None:
    write_mp4(folder / f"{name}.mp4", film(scene), size=scene.camera.size, fps=FPS, crf=crf)
    people = [person for person, _ in scene.cast]
    uv = pixels(people, scene.camera)
    np.savez_compressed(folder / f"{name}.npz", fps=FPS, size=scene.camera.size, uv=uv)


if __name__ == "__main__":
    sys.exit(main())
