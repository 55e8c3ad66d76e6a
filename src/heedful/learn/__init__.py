"""Learn: get better, from people and from labels of their own."""
