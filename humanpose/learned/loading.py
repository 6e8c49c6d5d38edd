"""The networks that an analysis asks for, loaded and ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from humanpose.learned.model_cards import model_cards
from humanpose.nets.places import find_checkpoint, sha256_of
from humanpose.runtime.interrupts import interrupt_afterwards
from humanpose.settings import Settings

if TYPE_CHECKING:
    from humanpose.joint_refinement import JointRefiner
    from humanpose.main_refiner.inference import MainRefinerInference
    from humanpose.pof import CameraPOFInference


@dataclass(frozen=True)
class Networks:
    """None for one that no stage needs."""

    pof: CameraPOFInference | None = None
    joint: JointRefiner | None = None
    main: MainRefinerInference | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Name of each model file → its SHA-256."""


@interrupt_afterwards()  # torch is imported
def load_networks(settings: Settings) -> Networks:
    """The networks of the stages that are on.

    From here on PyTorch computes on one thread in this process: how many share a sum changes
    its last bits, and batches are so small that more are no quicker.

    Raises:
        CheckpointError: one of them is missing, damaged or another model's, or the augmenter
            that is asked for isn't installed.
    """
    if settings.augmentation_cycles and settings.augmenter == "lstm":
        from humanpose.markers.lstm_augmenter import require_lstm

        require_lstm()
    if not (settings.pof or settings.joint_refinement):
        return Networks()

    import torch  # only where it is wanted

    from humanpose.joint_refinement import JointRefiner
    from humanpose.main_refiner.inference import MainRefinerInference
    from humanpose.pof import CameraPOFInference

    torch.set_num_threads(1)
    pof, joint, main = _model_files(settings)
    return Networks(
        pof=CameraPOFInference(pof) if pof else None,
        joint=JointRefiner(joint) if joint else None,
        main=MainRefinerInference(main) if main else None,
        provenance={path.name: sha256_of(path) for path in (pof, joint, main) if path},
    )


def model_hashes(settings: Settings) -> dict[str, str]:
    """Name of each model file that the settings ask for → its SHA-256; all of them fit.

    Files that are what their cards say are not opened, since PyTorch takes a second to import.

    Raises:
        CheckpointError: as ``load_networks``.
    """
    known = {card.path: card.sha256 for card in model_cards() if card.matches}
    files = [path for path in _model_files(settings) if path]
    if settings.augmenter == "lstm" or any(path not in known for path in files):
        return dict(load_networks(settings).provenance)
    return {path.name: known[path] for path in files}


def _model_files(settings: Settings) -> tuple[Path | None, Path | None, Path | None]:
    """Of POF, the joint refiner and MainRefiner, where they are on."""
    return (
        find_checkpoint(settings.pof_model_path) if settings.pof else None,
        find_checkpoint(settings.joint_model_path) if settings.joint_refinement else None,
        find_checkpoint(settings.main_refiner_path) if settings.main_refiner else None,
    )
