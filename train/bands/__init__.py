"""What goes with the errors of angles, measured: how wide their bands are."""
