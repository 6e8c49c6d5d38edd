"""What to believe of an analysis: figures, checks, frames that want care."""
