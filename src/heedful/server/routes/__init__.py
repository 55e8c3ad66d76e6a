"""Routes: every module here has a `router`, which the application takes in; a file more is a room more."""
