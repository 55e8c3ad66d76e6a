from tests.networks import weights

__all__ = ["weights"]
