"""What the networks learn from: pairs, views and windows, and who trains or tests."""
