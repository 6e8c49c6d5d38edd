"""The map of what MainRefiner believed."""

import numpy as np

from humanpose.motion import Gates
from humanpose.sequence import Timeline
from humanpose.ui.explore.changed import gate_map


def test_the_map_has_a_row_for_each_joint_and_is_thinned_for_long_clips() -> None:
    shares = np.random.default_rng(1).dirichlet(np.ones(4), (3000, 12))
    gates = Gates(np.zeros((3000, 17)), shares)
    (heat,) = gate_map(gates, Timeline(3000, 30.0, start_s=1.0), 2).data
    assert heat.z.shape == (12, 600)
    assert list(heat.y[:4]) == ["pelvis", "trunk", "right hip", "right knee"]
    np.testing.assert_allclose(heat.z[3, 10], shares[50, 3, 2], atol=5e-4)
    assert heat.x[10] == np.round(1 + 50 / 30, 3)
