"""The stages with the refiners."""

from functools import cache

from humanpose.joint_refinement import JointRefiner
from humanpose.learned.loading import Models, find_checkpoint
from humanpose.lift.baseline import lift
from humanpose.main_refiner.inference import MainRefinerInference
from humanpose.main_refiner.stage import Estimates, fused_lift
from humanpose.motion import limbs, motion_of
from humanpose.pipeline import clean
from humanpose.pof.stage import lift_with_pof
from humanpose.runtime.stopwatch import Stopwatch
from train.judge.cases import Case
from train.judge.pof_stages import network
from train.judge.prediction import Prediction, assumed_camera, product


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
    models = Models(joint=joint_refiner(case.settings.joint_model_path))
    return product(case, models=models, joint_refinement=True)


def pof_joint(case: Case) -> Prediction:
    """The product with POF, its angles refined."""
    settings = case.settings
    models = Models(
        pof=network(settings.pof_model_path), joint=joint_refiner(settings.joint_model_path)
    )
    return product(case, models=models, pof=True, joint_refinement=True)


def fused(case: Case) -> Prediction:
    """The product with MainRefiner."""
    return product(case, models=_all_models(case), main_refiner=True)


def fused_pose(case: Case) -> Prediction:
    """The product with MainRefiner's pose, and the angles as they follow from it."""
    settings, clock = case.settings, Stopwatch()
    landmarks, _ = clean(case.landmarks, settings)
    camera = assumed_camera(case, settings)
    models = _all_models(case)
    if models.pof is None or models.main is None:
        raise ValueError("expected POF and MainRefiner")
    body = lift(landmarks, camera, height_m=settings.effective_height_m)
    lifted = lift_with_pof(models.pof, landmarks, camera, settings=settings, clock=clock)
    raw, pof = (
        motion_of(pose, settings, clock, field=field)
        for pose, field in ((body, None), (lifted.body, lifted.field))
    )
    known, seen = Estimates(body, raw, lifted, pof), (landmarks, camera)
    better, _ = fused_lift(models.main, known, seen, settings=settings, clock=clock)
    motion = motion_of(better.body, settings, clock, field=better.field)
    return Prediction(
        motion.joints, *limbs(motion.joints), motion.ground.up, motion.angles, camera
    )


def _all_models(case: Case) -> Models:
    settings = case.settings
    return Models(
        pof=network(settings.pof_model_path),
        joint=joint_refiner(settings.joint_model_path),
        main=main_refiner(settings.main_refiner_path),
    )
