"""How far off we are: the sample clip against its exact truth, and OpenCap's demo clips against
OpenCap's own two-camera solution (which is itself about 4-5° off).

$ python -m bench.accuracy [../shared/data/clips/opencap_demo]
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from humanpose import Analysis, Settings, analyze
from humanpose.geometry import bend_deg, unit
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, COCO17, JOINT_GROUPS

SAMPLE = Path(__file__).resolve().parents[1] / "humanpose" / "assets" / "sample.mp4"
MIN_TRUTH_SD_DEG = 4.0
"""Columns whose truth varies less say little about following a movement."""
OPENCAP_HEIGHT_M, OPENCAP_MASS_KG = 1.79, 80
OPENCAP_COLUMNS = [*JOINT_GROUPS["trunk"]] + [
    f"{name}_{side}"
    for side in "rl"
    for name in (
        "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle",
        "arm_flex", "arm_add", "elbow_flex",
    )
]  # fmt: skip
"""What two cameras without markers can tell well enough to compare with."""


def main(demo: Path | None) -> None:
    with np.load(SAMPLE.with_name("sample_truth.npz")) as truth:
        analysis = analyze(SAMPLE, Settings(height_m=float(truth["height"])))
        print_pose(analysis, truth["joints_camera"][:, :17])
        print_angles(
            "sample", analysis, pd.DataFrame(truth["angles"], columns=list(ANGLE_NAMES))
        )
    for clip in sorted(demo.glob("*_cam?.mp4")) if demo else []:
        settings = Settings(height_m=OPENCAP_HEIGHT_M, mass_kg=OPENCAP_MASS_KG)
        motion = read_mot(clip.with_name(clip.name.split("_")[0] + ".mot"))
        print_angles(clip.stem, analyze(clip, settings), motion[OPENCAP_COLUMNS])


def print_pose(analysis: Analysis, truth: Floats) -> None:
    parents, children = np.array(COCO17.bone_indices).T
    limbs = bend_deg(analysis.limb_directions, unit(truth[:, children] - truth[:, parents]))
    ours = analysis.joints_camera.positions
    hips = COCO17.indices("left_hip", "right_hip")
    centred = [joints - joints[:, hips].mean(axis=1, keepdims=True) for joints in (ours, truth)]
    mpjpe = [np.linalg.norm(a - b, axis=-1) for a, b in (centred, (ours, truth))]
    print(f"limbs: mean {np.nanmean(limbs):.1f}°, median {np.nanmedian(limbs):.1f}°")
    print(f"MPJPE: {1000 * np.nanmean(mpjpe[0]):.0f} mm from the hips,"
          f" {1000 * np.nanmean(mpjpe[1]):.0f} mm in the camera frame")  # fmt: skip


def print_angles(name: str, analysis: Analysis, truth: pd.DataFrame) -> None:
    """A line per column whose truth varies, then their mean."""
    frames = min(len(analysis.angles), len(truth))
    rows = {}
    for column in truth:
        true = truth[column].to_numpy()[:frames]
        ours = analysis.angles[column].to_numpy()[:frames]
        if true.std() < MIN_TRUTH_SD_DEG or np.isnan(ours).all():
            continue
        error = ours - true
        rows[column] = (
            np.nanmean(np.abs(error)), np.nanmean(np.abs(error - np.nanmean(error))),
            np.nanmax(ours) - np.nanmin(ours) - np.ptp(true),
        )  # fmt: skip
    table = pd.DataFrame(rows, index=["MAE", "offset-free", "ROM error"]).T
    table.loc["mean"] = table.abs().mean()
    print(f"\n{name}, {frames} frames\n{table.round(1).to_string()}")


def read_mot(path: Path) -> pd.DataFrame:
    """OpenSim coordinates in degrees."""
    lines = path.read_text().splitlines()
    header = lines.index("endheader") + 1
    return pd.read_csv(path, sep=r"\s+", skiprows=header)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
