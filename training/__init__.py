"""Train, export and tune the networks; see docs/training.md."""
