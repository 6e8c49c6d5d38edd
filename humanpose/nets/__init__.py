"""What the three networks share: windows, attention, rotations, checkpoints, evidence."""
