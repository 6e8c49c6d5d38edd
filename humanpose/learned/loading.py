"""The learned stages that an analysis asks for, loaded and ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from humanpose.assets import INSTALLATION
from humanpose.markers.lstm_augmenter import require_lstm
from humanpose.runtime.interrupts import interrupt_afterwards
from humanpose.sequence import JointAngles
from humanpose.settings import Settings

if TYPE_CHECKING:
    from humanpose.main_refiner.inference import MainRefinerInference
    from humanpose.pof.inference import CameraPOFInference


class AngleRefiner(Protocol):
    """What corrects joint angles."""

    def refined(self, angles: JointAngles) -> JointAngles:
        """The same angles, nearer to the truth, each with its standard deviation."""


Remember = Callable[[str, Settings, Callable[[], Any]], Any]
"""How a step is taken that several settings of one clip share, done or looked up: its name, the
settings that it follows from, and what does it."""


def every_time(step: str, settings: Settings, work: Callable[[], Any]) -> Any:
    """Remembers nothing."""
    return work()


@dataclass(frozen=True)
class Models:
    """None for a stage that is off."""

    pof: CameraPOFInference | None = None
    joint: AngleRefiner | None = None
    main: MainRefinerInference | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Name of each model file → its SHA-256."""
    remember: Remember = every_time


@interrupt_afterwards()  # torch is imported
def load_models(settings: Settings) -> Models:
    """The networks of the stages that are on.

    Raises:
        CheckpointError: one of them is missing, damaged or another model's, or the augmenter
            that is asked for isn't installed.
    """
    if settings.augmentation_cycles and settings.augmenter == "lstm":
        require_lstm()
    if not (settings.pof or settings.joint_refinement):
        return Models()

    from humanpose.joint_refinement import JointRefiner
    from humanpose.main_refiner.inference import (
        MainRefinerInference,
    )  # torch only where it is wanted
    from humanpose.nets.checkpoint import sha256_of
    from humanpose.pof.inference import CameraPOFInference

    pof, joint, main = (
        find_checkpoint(path)
        for path in (
            settings.pof_model_path,
            settings.joint_model_path,
            settings.main_refiner_path,
        )
    )
    used = {pof: settings.pof, joint: settings.joint_refinement, main: settings.main_refiner}
    return Models(
        pof=CameraPOFInference(pof) if settings.pof else None,
        joint=JointRefiner(joint) if settings.joint_refinement else None,
        main=MainRefinerInference(main) if settings.main_refiner else None,
        provenance={path.name: sha256_of(path) for path, on in used.items() if on},
    )


def find_checkpoint(path: str) -> Path:
    """Where a model file is: a relative path counts from the working folder, or else from the
    installation's, so that the models we ship are found from anywhere."""
    given = Path(path).expanduser()
    shipped = INSTALLATION / given  # an absolute path stays what it is
    return shipped if shipped.exists() and not given.exists() else given
