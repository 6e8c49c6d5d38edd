"""Joint angles from OpenCap's anatomical markers, as a laboratory has them."""
