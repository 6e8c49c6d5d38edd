"""MainRefiner: fuses the poses of MediaPipe and POF, and the angles of four estimates.

What comes out is NaN where POF's limb or every estimate of an angle is; inside the networks
nothing is, what is missing is 0.
"""
