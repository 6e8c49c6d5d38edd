"""``python -m humanpose``."""

from humanpose.cli import main

main()
