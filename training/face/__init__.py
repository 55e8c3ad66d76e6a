"""Train, export and measure the face network: `python -m training.face training/recipes/face.toml`."""
