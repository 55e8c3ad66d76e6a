"""Store: keep turns and feedback, durably."""
