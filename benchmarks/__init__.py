"""Measure speed and scale, with the peers beside us in the same run."""
