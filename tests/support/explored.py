"""Explore with everything that it can show."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from humanpose.analysis import Analysis
from humanpose.report.remarks import Remarks, to_json
from humanpose.sequence import PoseSequence
from humanpose.server.small_files import write_json
from humanpose.skeleton import AUGMENTED65
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis


def clip_with_everything() -> Analysis:
    analysis = refined_analysis(60, missing=[40, 41])
    markers = analysis.markers
    added = np.repeat(markers.positions[:, :1], len(AUGMENTED65), axis=1)
    augmented = PoseSequence(added, added[..., 0] * 0 + 0.5, markers.timeline, AUGMENTED65)
    quality = {**analysis.quality, "up_sd_deg": 2.0}
    refined = replace(analysis.refined, augmented=augmented)
    return replace(analysis, refined=refined, quality=quality)


def explore_address(url: str, home: Path) -> str:
    """With an analysis of 60 frames, nobody there in two of them."""
    entry = finished_entry(home, clip_with_everything())
    write_json(entry.remarks, to_json(Remarks(preset="gait")))
    return f"{url}/explore?a={entry.about.link}&f=30"
