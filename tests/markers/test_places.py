"""Where the built-in augmenter puts markers, on bodies whose markers are known."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.markers.places import ORIGINS, Places, load_places, save_places
from tests.support.unpacked import unpack
from train.fit_markers import error_mm, example, fit
from train.synth.body.makehuman import Assets
from train.synth.motion.exercises import exercise


def test_a_fit_recovers_a_linear_rule_and_a_file_keeps_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    features, slopes = (
        rng.normal(size=(500, 3)) * [1, 5, 0.1] + [0, 20, 1],
        rng.normal(size=(3, 2, 3)),
    )
    truth = np.einsum("tf,fmi->tmi", features, slopes) + 0.3
    fitted = Places.fit(features, truth, ridge=1e-9)
    near = np.abs(features - fitted.mean).max(axis=1) < 2.4 * fitted.deviation.min()
    np.testing.assert_allclose(fitted.at(features)[near], truth[near], atol=1e-6)
    save_places(dict.fromkeys(ORIGINS, fitted), tmp_path / "places.npz")
    read = load_places(tmp_path / "places.npz")["foot"]
    np.testing.assert_array_equal(read.at(features), fitted.at(features))


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    return Assets.load(unpack("body", tmp_path_factory.mktemp("body")) / "body")


def test_markers_land_on_bodies_that_the_fit_never_saw(assets: Assets) -> None:
    rng = np.random.default_rng(5)
    people = [example(rng, assets, exercise(rng, seconds=1.0, fps=30.0)) for _ in range(4)]
    assert all(16 < person.mass_kg / person.height_m**2 < 32 for person in people)
    error = error_mm(people, "regression")
    assert error.mean() < 14
    assert error.max() < 35


def test_fitted_to_one_person_it_knows_that_person(assets: Assets) -> None:
    rng = np.random.default_rng(6)
    people = [example(rng, assets, exercise(rng, seconds=1.0, fps=30.0)) for _ in range(3)]
    places = fit(people)
    assert set(places) == set(ORIGINS)
    hip = places["pelvis"].usual[list(ORIGINS["pelvis"]).index("RHJC_study")]
    np.testing.assert_allclose(hip, 0, atol=1e-9)
    asis = places["pelvis"].usual[list(ORIGINS["pelvis"]).index("r.ASIS_study")]
    assert (asis > 0.02).all()  # in front of, above and to the right of the mid-hip
