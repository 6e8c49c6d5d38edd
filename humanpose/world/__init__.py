"""The world frame: smooth motion that stands on the floor."""
