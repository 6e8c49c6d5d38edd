"""The colours of the two sides, as the viewer has them on a light page."""

RIGHT, LEFT, MIDLINE = "#1F6FB2", "#C1440E", "#3D4A57"
