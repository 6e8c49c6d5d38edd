"""The error model of MediaPipe Pose: fitted, drawn from, compared."""
