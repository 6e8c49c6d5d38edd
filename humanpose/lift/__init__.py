"""From 2-D to 3-D: MediaPipe's own lift."""
