"""From 2-D to 3-D: MediaPipe's own lift, and the solver that fits joints to limb directions."""
