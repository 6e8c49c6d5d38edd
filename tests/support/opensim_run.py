"""Inverse kinematics, our own motion and scaling in OpenSim: ``PYTHON opensim_run.py FOLDER``.

Runs under an interpreter that has the opensim package, apart from everything else. Writes
``places_ik.npy`` and ``places_ours.npy``, (T, N, 3) m: where the scaled model has each marker
of ``markers.trc`` in the motions of the ``ik*.xml`` and ``angles.mot``; NaN where it has none.
``places_theirs.npy`` is the latter on the model that OpenSim itself scales.
"""

import os
import sys
from pathlib import Path

import numpy as np
import opensim
from numpy.typing import NDArray


def main(folder: str) -> None:
    os.chdir(folder)
    opensim.Logger.setLevelString("Error")
    setups = sorted(Path().glob("ik*.xml"))
    for setup in setups:
        if not opensim.InverseKinematicsTool(setup.name).run():
            sys.exit(f"{setup} failed")
    trc = opensim.TimeSeriesTableVec3("markers.trc")
    markers, times = list(trc.getColumnLabels()), np.array(trc.getIndependentColumn())
    found = np.full((len(times), len(markers), 3), np.nan)
    for setup in setups:
        motion = setup.with_suffix(".mot").name
        own = np.array(opensim.TimeSeriesTable(motion).getIndependentColumn())
        rows = np.abs(times[:, None] - own).argmin(axis=0)
        found[rows] = places("scaled.osim", motion, markers)
    np.save("places_ik.npy", found)
    np.save("places_ours.npy", places("scaled.osim", "angles.mot", markers))
    if not opensim.ScaleTool("scale.xml").run():
        sys.exit("scaling failed")
    np.save("places_theirs.npy", places("scaled.osim", "angles.mot", markers))


def places(model_file: str, motion_file: str, markers: list[str]) -> NDArray[np.float64]:
    model = opensim.Model(model_file)
    state = model.initSystem()
    motion = opensim.TimeSeriesTable(motion_file)
    values = motion.getMatrix().to_numpy()
    coordinates = [model.getCoordinateSet().get(name) for name in motion.getColumnLabels()]
    found = np.full((len(values), len(markers), 3), np.nan)
    own = model.getMarkerSet()
    for frame, row in enumerate(values):
        for coordinate, value in zip(coordinates, row, strict=True):
            turns = coordinate.getMotionType() == 1
            coordinate.setValue(state, np.radians(value) if turns else value, False)
        model.realizePosition(state)
        for i, name in enumerate(markers):
            if own.contains(name):
                place = own.get(name).getLocationInGround(state)
                found[frame, i] = [place.get(axis) for axis in range(3)]
    return found


if __name__ == "__main__":
    main(sys.argv[1])
