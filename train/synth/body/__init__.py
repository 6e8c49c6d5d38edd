"""A human body: its mesh and rig, its clothes, the anatomy that is known exactly."""
