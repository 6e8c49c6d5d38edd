"""What a run needs of the machine: progress, time, Ctrl-C, libraries."""
