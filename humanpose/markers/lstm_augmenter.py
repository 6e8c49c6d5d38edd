"""OpenCap's augmenter: the LSTM v0.3 of Falisse et al. (bioRxiv 2024.07.13.603382), Stanford.

Its two networks run from the installed Pose2Sim package, which ships them as ONNX; nothing of
them is in this repository.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy.interpolate import make_interp_spline

from humanpose.errors import CheckpointError
from humanpose.markers.input_markers import DERIVED_MARKERS
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22, MARKERS43
from humanpose.world.filters import bridge_gaps

INSTALL = "pip install --no-deps -r requirements-augment.txt"

_LOWER_INPUTS = (
    "Neck", "RShoulder", "LShoulder", "RHip", "LHip", "RKnee", "LKnee", "RAnkle", "LAnkle",
    "RHeel", "LHeel", "RSmallToe", "LSmallToe", "RBigToe", "LBigToe",
)  # fmt: skip
_UPPER_INPUTS = ("Neck", "RShoulder", "LShoulder", "RElbow", "LElbow", "RWrist", "LWrist")
_LOWER_OUTPUTS = 35
"""The first of ``MARKERS43``; the others come from the upper network."""

_FPS = 60.0
"""What it was trained on: at 30 frames/s its answers move by 9 mm, at 20 by 18 mm."""
_SETTLE = 30
"""Frames of the clip played backwards before its first, so that the networks, which never look
ahead, have settled when it begins: without, their first frames move by 17 mm, so by 6 mm."""
_OVERLAP = 300
"""Frames that a chunk sees of the one before: what was longer ago is forgotten."""
_CHUNK = 1800
"""Frames that run at once, which bounds the memory."""
_NOISE_M = 0.0005
_SAME_TIME = 1e-6
"""Of a frame: less is rounding."""


@dataclass(frozen=True, eq=False)
class _Network:
    session: Any
    """onnxruntime.InferenceSession"""
    mean: Floats
    """(F,) of the features in training."""
    scale: Floats
    """(F,)"""
    inputs: tuple[str, ...]
    outputs: int
    """How many markers."""

    def run(self, features: Floats) -> Floats:
        """(N, T, F) to (N, T, M, 3), the whole sequences at once."""
        scaled = ((features - self.mean) / self.scale).astype(np.float32)
        (answer,) = self.session.run(None, {"inputs": scaled})
        return np.asarray(answer, dtype=float).reshape(*answer.shape[:2], -1, 3)


def lstm_markers(
    markers: PoseSequence, *, height_m: float, mass_kg: float, cycles: int
) -> tuple[Floats, Floats]:
    """The 43 markers of ``MARKERS43`` and how sure the joints are that they come from.

    Args:
        markers: the 22 markers, world frame, m.
        cycles: runs to average: the first exact, the others with 0.5 mm of noise.

    Returns:
        (T, 43, 3) world, m, NaN where one of the network's inputs is; (T, 43) in [0, 1].

    Raises:
        CheckpointError: Pose2Sim or onnxruntime is not installed, or another Pose2Sim.
    """
    hip, fps = markers.joint("Hip")[:, None], markers.timeline.fps
    body = np.array([height_m, mass_kg])
    positions, confidence = [], []
    for network in _networks():
        inputs = (markers.positions[:, MARKERS22.indices(*network.inputs)] - hip) / height_m
        seen = np.isfinite(inputs).all(axis=(1, 2))
        answer = np.full((len(inputs), network.outputs, 3), np.nan)
        if seen.any():
            paths = _resampled(bridge_gaps(inputs), fps, to_fps=_FPS)
            found = _averaged(network, paths, body, cycles)
            answer[seen] = _resampled(found, _FPS, to_fps=fps)[: len(seen)][seen]
        positions.append(answer * height_m + hip)
        measured = [name for name in network.inputs if name not in DERIVED_MARKERS]
        sure = markers.confidence[:, MARKERS22.indices(*measured)].min(axis=1)
        confidence.append(np.tile(sure[:, None], network.outputs))
    return np.concatenate(positions, axis=1), np.concatenate(confidence, axis=1)


def require_lstm() -> None:
    """Raise CheckpointError unless the networks are installed and what they should be."""
    _networks()


def _averaged(network: _Network, paths: Floats, body: Floats, cycles: int) -> Floats:
    """(T, M, 3) from (T, inputs, 3) at 60 frames/s, hip-centred; both in body heights.

    All cycles run as one batch.
    """
    rng, sigma = np.random.default_rng(0), _NOISE_M / body[0]
    padded = np.pad(paths, ((_SETTLE, 0), (0, 0), (0, 0)), mode="symmetric")
    found = []
    for start in range(_SETTLE, len(padded), _CHUNK):
        before = min(start, _OVERLAP)
        batch = np.repeat(padded[None, start - before : start + _CHUNK], cycles, axis=0)
        batch[1:] += sigma * rng.normal(size=batch[1:].shape)
        count = batch.shape[:2]
        features = [batch.reshape(*count, -1), np.broadcast_to(body, (*count, 2))]
        answer = network.run(np.concatenate(features, axis=2))
        found.append(answer.mean(axis=0)[before:])
    return np.concatenate(found)


def _resampled(paths: Floats, fps: float, *, to_fps: float) -> Floats:
    """(T', M, 3) at another rate, a cubic spline through (T, M, 3); not shorter in time."""
    time_s = np.arange(len(paths)) / fps
    count = int(np.ceil(time_s[-1] * to_fps - _SAME_TIME)) + 1
    spline = make_interp_spline(time_s, paths, k=min(3, len(paths) - 1))
    return np.asarray(spline(np.minimum(np.arange(count) / to_fps, time_s[-1])))


@cache
def _networks() -> tuple[_Network, _Network]:
    folder = _installed()
    lower = _network(folder / "v0.3_lower", _LOWER_INPUTS, _LOWER_OUTPUTS)
    upper = _network(folder / "v0.3_upper", _UPPER_INPUTS, len(MARKERS43) - _LOWER_OUTPUTS)
    return lower, upper


def _installed() -> Path:
    """Where the networks lie; importing Pose2Sim itself would bring half a gigabyte along."""
    package = find_spec("Pose2Sim")
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        raise CheckpointError(
            f"OpenCap's augmenter is not installed: {INSTALL}, or choose the built-in one"
        )
    return Path(package.origin).with_name("MarkerAugmenter") / "LSTM"


def _network(folder: Path, inputs: tuple[str, ...], outputs: int) -> _Network:
    import onnxruntime  # only where it is wanted

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # quick enough, and analyses run side by side
    if not (folder / "model.onnx").is_file():
        raise CheckpointError(f"Pose2Sim has no network at {folder}: {INSTALL}")
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    mean, scale = (np.load(folder / f"{name}.npy") for name in ("mean", "std"))
    widths = session.get_inputs()[0].shape[-1], session.get_outputs()[0].shape[-1]
    if widths != (3 * len(inputs) + 2, 3 * outputs) or len(mean) != widths[0]:
        raise CheckpointError(f"{folder} holds another network than v0.3: {INSTALL}")
    return _Network(session, mean, scale, inputs, outputs)
