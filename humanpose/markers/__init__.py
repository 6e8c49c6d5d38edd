"""Markers: the 22 that go in, the 43 anatomical ones, and what was lost of either."""
