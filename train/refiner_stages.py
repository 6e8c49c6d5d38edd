"""The stages with the refiners."""

from functools import cache

from humanpose.joint_refinement import JointRefiner
from humanpose.learned import Models
from train.cases import Case
from train.pof_stages import network
from train.prediction import Prediction, product


@cache
def joint_refiner(path: str) -> JointRefiner:
    """The trained joint refiner, loaded once. Raises CheckpointError."""
    return JointRefiner(path)


def raw_joint(case: Case) -> Prediction:
    """The product without POF, its angles refined."""
    models = Models(joint=joint_refiner(case.settings.joint_model_path))
    return product(case, models=models, joint_refinement=True)


def pof_joint(case: Case) -> Prediction:
    """The product with POF, its angles refined."""
    settings = case.settings
    models = Models(
        pof=network(settings.pof_model_path), joint=joint_refiner(settings.joint_model_path)
    )
    return product(case, models=models, pof=True, joint_refinement=True)
