"""Ask a language model: transport only; what is asked is decided in `respond/write.py`."""
