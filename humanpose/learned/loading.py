"""The networks that an analysis asks for, loaded and ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from humanpose.markers.lstm_augmenter import require_lstm
from humanpose.nets.places import find_checkpoint
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
        require_lstm()
    if not (settings.pof or settings.joint_refinement):
        return Networks()

    import torch  # only where it is wanted

    from humanpose.joint_refinement import JointRefiner
    from humanpose.main_refiner.inference import MainRefinerInference
    from humanpose.nets.checkpoint import sha256_of
    from humanpose.pof import CameraPOFInference

    torch.set_num_threads(1)
    pof, joint, main = (
        find_checkpoint(path)
        for path in (
            settings.pof_model_path,
            settings.joint_model_path,
            settings.main_refiner_path,
        )
    )
    used = {pof: settings.pof, joint: settings.joint_refinement, main: settings.main_refiner}
    return Networks(
        pof=CameraPOFInference(pof) if settings.pof else None,
        joint=JointRefiner(joint) if settings.joint_refinement else None,
        main=MainRefinerInference(main) if settings.main_refiner else None,
        provenance={path.name: sha256_of(path) for path, on in used.items() if on},
    )
