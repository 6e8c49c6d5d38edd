"""The stages with the refiners."""

from functools import cache

from humanpose.joint_refinement import JointRefiner
from humanpose.learned.loading import Networks
from humanpose.main_refiner.inference import MainRefinerInference
from humanpose.main_refiner.stage import MainStage
from humanpose.nets.places import find_checkpoint
from humanpose.pipeline import clean, motion_options, raw_estimates
from humanpose.pof.stage import PofStage
from train.judge.cases import Case
from train.judge.pof_stages import network
from train.judge.prediction import Prediction, assumed_camera, prediction_of, product


@cache
def joint_refiner(path: str) -> JointRefiner:
    """The trained joint refiner, loaded once. Raises CheckpointError."""
    return JointRefiner(path)


@cache
def main_refiner(path: str) -> MainRefinerInference:
    """The trained MainRefiner, loaded once. Raises CheckpointError."""
    return MainRefinerInference(find_checkpoint(path))


def raw_joint(case: Case) -> Prediction:
    """The product without POF, its angles refined."""
    networks = Networks(joint=joint_refiner(case.settings.joint_model_path))
    return product(case, networks=networks, joint_refinement=True)


def pof_joint(case: Case) -> Prediction:
    """The product with POF, its angles refined."""
    settings = case.settings
    networks = Networks(
        pof=network(settings.pof_model_path), joint=joint_refiner(settings.joint_model_path)
    )
    return product(case, networks=networks, pof=True, joint_refinement=True)


def fused(case: Case) -> Prediction:
    """The product with MainRefiner."""
    settings = case.settings
    networks = Networks(
        pof=network(settings.pof_model_path),
        joint=joint_refiner(settings.joint_model_path),
        main=main_refiner(settings.main_refiner_path),
    )
    return product(case, networks=networks, main_refiner=True)


def fused_pose(case: Case) -> Prediction:
    """The product with MainRefiner's pose, and the angles as they follow from it."""
    settings = case.settings
    landmarks, _ = clean(case.landmarks, settings)
    camera, options = assumed_camera(case, settings), motion_options(settings)
    pof = PofStage(network(settings.pof_model_path), options)
    main = MainStage(
        main_refiner(settings.main_refiner_path),
        joint_refiner(settings.joint_model_path).refined,
        options,
    )
    motion, _ = main.fuse_pose(pof(raw_estimates(landmarks, camera, settings)))
    return prediction_of(motion, camera)
