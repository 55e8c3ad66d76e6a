"""Our judge in the harnesses of others: inspect_ai and DeepEval."""
