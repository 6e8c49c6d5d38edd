"""What the refiners are trained and settled by: errors of angles, losses, calibration."""
