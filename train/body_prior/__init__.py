"""Which poses people take: learnt from recorded motion for the body fit."""
