"""What ezc3d reads in a C3D file, as plain arrays: ``python c3d_arrays.py IN OUT.npz``.

A process of its own, since damaged files make ezc3d crash, loop for ever or take all memory.
"""

import sys

import ezc3d
import numpy as np

_MOST_BYTES = 4 << 30


def main(given: str, out: str) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    file = ezc3d.c3d(given)
    point = file["parameters"]["POINT"]
    keys = sorted((k for k in point if k.startswith("LABELS")), key=lambda k: (len(k), k))
    np.savez(
        out,
        points=file["data"]["points"][:3].T,
        residuals=file["data"]["meta_points"]["residuals"][0].T,
        rate=np.array(point["RATE"]["value"], float),
        first_frame=file["header"]["points"]["first_frame"],
        labels=np.array([label for key in keys for label in point[key]["value"]], str),
        **{
            name: np.array(point[name]["value"] if name in point else [], str)
            for name in ("UNITS", "Y_SCREEN")
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
