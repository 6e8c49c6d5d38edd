"""Where people are filmed: cameras, lenses, rooms, light."""
