"""One body, fitted to all the evidence of a clip."""
