"""What the three networks share: windows, attention, rotations, checkpoints, evidence.

Nothing that goes through a network is NaN: what is missing is 0, and a mask says so.
"""
