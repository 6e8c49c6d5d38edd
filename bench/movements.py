"""Which movement is recognised in clips whose movement their names tell: a table of both.

$ python -m bench.movements [--shared ../shared]

Filmed clips (a person each; detections are kept as the app keeps them) and the rendered people
of ``data/pairs``, analysed with the default settings.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.errors import HumanPoseError
from humanpose.learned.loading import load_networks
from humanpose.measures.presets import PRESETS
from humanpose.measures.recognise import NOT_RECOGNISED, recognise
from humanpose.pipeline import compute
from train.evaluate import SHARED
from train.judge.cases import activity, case_of, files_in
from train.recordings.pairs import read_pairs

FILMED = {
    "opencap_demo/Jump_cam*.mp4": ("filmed jump", 1.79),
    "opencap_demo/JumpHighKnees_cam*.mp4": ("filmed jump, high knees", 1.79),
    "opencap_demo/Squats_cam*.mp4": ("filmed squats", 1.79),
    "opencap_overlay/squat_cam*.mov": ("filmed squats with arms", 1.78),
    "opencap_overlay/walk_cam*.mov": ("filmed walk", 1.78),
    "phone/squat.mp4": ("filmed squats, phone", 1.75),
    "phone/walk.mp4": ("filmed walk, phone", 1.75),
    "sports2d/demo.mp4": ("filmed hops and leaps", 1.75),
    "temuge/cam0_test.mp4": ("filmed: sits down, rises, walks", 1.75),
    "tfjs/pose-detection/test_data/pose_squats.mp4": ("filmed squats, 5 frames/s", 1.75),
}
"""Clips → what they show, as their names say and a look at them, and the height, m; assumed
where it is not stated."""
_NAMED, _NAMELESS = ("hdm05", "opensim"), "IK"
"""Of the rendered people, sources whose clips' names tell the movement; but these don't."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    shared: Path = parser.parse_args().shared
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for shown, recognised in (*_filmed(shared), *_rendered(shared)):
        seen[shown][recognised] += 1
    print("| shows | clips | recognised as |\n|---|---|---|")
    for shown, counts in seen.items():
        words = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        print(f"| {shown} | {counts.total()} | {words} |")


def _filmed(shared: Path) -> Iterator[tuple[str, str]]:
    yield "sample: squat, then steps", _word(analyze(SAMPLE, Settings(height_m=1.75)))
    for pattern, (shown, height_m) in FILMED.items():
        for clip in files_in(shared / "data/clips", pattern):
            yield shown, _word(analyze(clip, Settings(height_m=height_m)))


def _rendered(shared: Path) -> Iterator[tuple[str, str]]:
    settings = Settings(height_m=1.7)
    networks = load_networks(settings)
    for path in files_in(shared / "data/pairs", "*.npz"):
        for pair in read_pairs(path):
            if pair.source in _NAMED and activity(pair) != _NAMELESS:
                case = case_of(pair)
                own = replace(settings, height_m=pair.height_m)
                try:
                    analysis = compute(case.info, case.detection, own, networks=networks)
                    recognised = _word(analysis)
                except HumanPoseError:
                    recognised = "refused"
                yield f"{pair.source}: {activity(pair)}", recognised


def _word(analysis: Analysis) -> str:
    preset = recognise(analysis).preset
    return "–" if preset == NOT_RECOGNISED else PRESETS[preset].title.lower()


if __name__ == "__main__":
    main()
