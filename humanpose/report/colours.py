"""The colours of the two sides, as the viewer has them on a light page, and of a target."""

RIGHT, LEFT, MIDLINE = "#1F6FB2", "#C1440E", "#3D4A57"
TARGET = "#1a7f37"
