"""MainRefiner: fuses the poses of MediaPipe and POF, and the angles of four estimates."""
