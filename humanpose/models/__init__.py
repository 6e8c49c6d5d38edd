"""The networks, each in one file, and the checkpoints that hold them; needs torch."""
