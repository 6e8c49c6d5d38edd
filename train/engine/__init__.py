"""One training loop for all networks: steps, options, processes, what is written down."""
