"""A clip as a player presents it: upright, in square pixels, edit list applied, in order."""

from humanpose.video.frames import Frame, FrameReader
from humanpose.video.header import ClipInfo, probe
from humanpose.video.timeline import timeline_of, true_times

__all__ = ["ClipInfo", "Frame", "FrameReader", "probe", "timeline_of", "true_times"]
