"""Readers of motion data: one file per source, each ``read(path) -> Iterator[PoseSequence]``.

Every reader settles unit (m), axes (right-handed, Y up) and joint names, and nothing else does.
"""
