"""What a viewer is sent of a long clip."""

from dataclasses import replace

import numpy as np
import pytest
from starlette.requests import Request

from humanpose.measures.takes import Take
from humanpose.sequence import JointAngles, Timeline
from humanpose.server.entry import Entry
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from humanpose.ui import routes
from humanpose.ui.viewer import frames
from humanpose.ui.viewer.frames import WHOLE_FRAMES, Frames, Payload, offer, offered
from humanpose.ui.viewer.pair import Clip, Shown, pair_payload
from humanpose.ui.viewer.payload import viewer_payload
from humanpose.ui.viewer.thin import telling
from tests.support.synthetic import refined_analysis
from tests.ui.test_viewer import parts

LONG = 18_000
MOST_BYTES = 3_000_000


def noise(frames: int) -> JointAngles:
    """Angles that no two frames share, measured and inferred by turns."""
    random = np.random.default_rng(0)
    degrees = random.normal(0, 30, (frames, len(ANGLE_NAMES)))
    sure = np.where(np.arange(frames)[:, None] // 20 % 2, 0.9, 0.2)
    timeline = Timeline(frames, 30.0)
    return JointAngles(degrees, np.broadcast_to(sure, degrees.shape), timeline, 0 * degrees + 4)


@pytest.fixture(scope="module")
def payload() -> Payload:
    analysis = refined_analysis(LONG)
    angles = noise(LONG)
    raw = replace(analysis.raw, angles=noise(LONG))
    noisy = replace(analysis, raw=raw, refined=replace(analysis.refined, angles=angles))
    return viewer_payload(noisy, video_url="v", plotly_url="p", clinical=False)


@pytest.fixture
def kept(payload: Payload) -> Frames:
    assert payload.rest is not None
    return payload.rest


def test_however_long_a_clip_is_little_is_sent_at_first(payload: Payload) -> None:
    assert len(payload.first) < MOST_BYTES
    take = Take(refined_analysis(LONG).markers, noise(LONG))
    shown = Shown("raw", take), Shown("POF", take)
    clips = (Clip(refined_analysis(LONG), ""),) * 2
    pair = pair_payload(shown, clips=clips, tolerance_deg=5.0, plotly_url="p")
    assert len(pair.first) < MOST_BYTES
    assert (
        viewer_payload(refined_analysis(WHOLE_FRAMES), video_url="", plotly_url="").rest is None
    )


def test_the_overview_has_the_extremes_of_every_curve(payload: Payload, kept: Frames) -> None:
    header, arrays = parts(payload.first)
    lines = header["overview"]["lines"]
    for column, angles in enumerate(kept.arrays["angles"].T):
        values = []
        for name in ("measured", "inferred"):
            start, count = lines[name][column]
            at = arrays["lineFrames"][start : start + count].astype(int)
            part = arrays["lineValues"][start : start + count]
            np.testing.assert_allclose(part[np.isfinite(part)], angles[at[np.isfinite(part)]])
            values.append(part)
        both = np.concatenate(values)
        assert [np.nanmin(both), np.nanmax(both)] == pytest.approx([angles.min(), angles.max()])
    assert header["extents"]["raw"][3] == pytest.approx(
        [kept.arrays["otherAngles"][:, 3].min(), kept.arrays["otherAngles"][:, 3].max()]
    )


def test_every_frame_can_be_had(kept: Frames) -> None:
    _, arrays = parts(kept.part(9_000, 9_255, step=1))
    assert arrays.keys() == kept.arrays.keys()
    markers = arrays["markers"].reshape(-1, len(MARKERS22), 3)
    np.testing.assert_array_equal(markers, kept.arrays["markers"][9_000:9_256])


def test_a_part_of_the_clip_is_thinned_less(kept: Frames) -> None:
    header, arrays = parts(kept.part(6_000, 11_999, step=6))
    frames_of_all = arrays["lineFrames"]
    assert (frames_of_all.min(), frames_of_all.max()) == (6_000, 11_999)
    _, count = header["lines"]["raw"][5]
    assert 1900 < count <= 2000
    width = len(ANGLE_NAMES)
    high = arrays["bandHigh"].reshape(-1, width)
    band = kept.arrays["angles"] + kept.arrays["band"]
    np.testing.assert_allclose(high[0], band[6_000:6_006].max(axis=0), rtol=1e-6)


def test_a_curve_is_told_by_its_extremes_and_gaps() -> None:
    values = np.sin(np.arange(20_000) / 900)
    values[12_345], values[700], values[900:3_000] = 5.0, np.nan, np.nan
    found = telling(values, step=20)
    assert len(found) < 2_100
    assert {12_345, 700, 900} <= set(found.tolist())
    assert np.isnan(values[found]).sum() == 2
    np.testing.assert_array_equal(found, np.unique(found))
    assert telling(np.full(100, np.nan), step=7).size == 0
    np.testing.assert_array_equal(telling(np.array([3.0, 1, 2, 0, 5]), step=2), [0, 1, 2, 3, 4])


def test_the_address_gives_parts_and_nothing_else(
    kept: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = {"a": 1, "b": 2}
    monkeypatch.setattr(Entry, "find", links.get)
    offer(kept, ("a", "b"))
    last = LONG - 1
    assert ask(kept.key, "from=0&to=255&step=1") == 200
    assert ask(kept.key, f"from=0&to={last}&step=18") == 200
    bad = [f"from=0&to={last}&step=1", f"from=0&to={LONG}&step=18", "from=-1&to=5&step=1"]
    for query in (*bad, "from=9&to=8&step=1", "from=0&to=x&step=1", "from=0", ""):
        assert ask(kept.key, query) == 404
    assert ask("0" * 32, "from=0&to=255&step=1") == 404
    del links["b"]  # is withdrawn
    assert ask(kept.key, "from=0&to=255&step=1") == 404
    offer(kept, ("a",))  # the same, shown by another page
    assert ask(kept.key, "from=0&to=255&step=1") == 200


def ask(key: str, query: str) -> int:
    """The status of an answer."""
    route = next(r for r in routes.ROUTES if r.path.startswith(f"/{frames.URL}/"))
    scope = {"type": "http", "query_string": query.encode(), "path_params": {"key": key}}
    status: int = route.endpoint(Request(scope)).status_code
    return status


def test_the_server_forgets_the_longest_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [Frames({"angles": np.full((4, 36), n, np.float32)}) for n in range(4)]
    monkeypatch.setattr(frames, "_KEPT_BYTES", 2 * made[0].size)
    for one in made[:3]:
        offer(one, ())
    assert offered(made[0].key, bool) is None
    assert offered(made[1].key, bool) is made[1]
    offer(made[3], ())
    assert offered(made[2].key, bool) is None
