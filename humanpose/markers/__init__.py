"""The 22 markers, and the 43 anatomical ones beside them."""
