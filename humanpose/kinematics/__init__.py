"""From markers to joint angles: segments, Cardan angles, and how sure each one is."""
