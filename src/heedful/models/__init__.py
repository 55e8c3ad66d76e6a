"""Models: the runtime of our own networks."""
