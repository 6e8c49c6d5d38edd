"""What the networks learn from: views, windows and sequences."""
