"""The learned stages that an analysis asks for, loaded and ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from humanpose.errors import CheckpointError
from humanpose.lstm_augmenter import require_lstm
from humanpose.sequence import JointAngles
from humanpose.settings import Settings

if TYPE_CHECKING:
    from humanpose.fusion import MainRefinerInference
    from humanpose.pof import CameraPOFInference

_INSTALLATION = Path(__file__).resolve().parents[1]


class AngleRefiner(Protocol):
    """What corrects joint angles."""

    def refined(self, angles: JointAngles) -> JointAngles:
        """The same angles, nearer to the truth, each with its standard deviation."""


@dataclass(frozen=True)
class Models:
    """None for a stage that is off."""

    pof: CameraPOFInference | None = None
    joint: AngleRefiner | None = None
    main: MainRefinerInference | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Name of each model file → its SHA-256."""


def load_models(settings: Settings) -> Models:
    """The networks of the stages that are on.

    Raises:
        CheckpointError: one of them is missing, damaged or another model's, or the augmenter
            that is asked for isn't installed.
    """
    if settings.main_refiner:
        raise CheckpointError("this version ships no model for --main-refiner; leave it out")
    if settings.augmentation_cycles and settings.augmenter == "lstm":
        require_lstm()
    if not (settings.pof or settings.joint_refinement):
        return Models()

    from humanpose.joint_refinement import JointRefiner  # torch only where it is wanted
    from humanpose.models.checkpoint import sha256_of
    from humanpose.pof import CameraPOFInference

    pof_path, joint_path = (
        find_checkpoint(path) for path in (settings.pof_model_path, settings.joint_model_path)
    )
    used = {pof_path: settings.pof, joint_path: settings.joint_refinement}
    return Models(
        pof=CameraPOFInference(pof_path) if settings.pof else None,
        joint=JointRefiner(joint_path) if settings.joint_refinement else None,
        provenance={path.name: sha256_of(path) for path, on in used.items() if on},
    )


def find_checkpoint(path: str) -> Path:
    """Where a model file is: a relative path counts from the working folder, or else from the
    installation's, so that the models we ship are found from anywhere."""
    given = Path(path).expanduser()
    shipped = _INSTALLATION / given  # an absolute path stays what it is
    return shipped if shipped.exists() and not given.exists() else given
