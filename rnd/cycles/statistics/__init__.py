"""Exact figures of lists of numbers: no float, no sampling. It knows nothing of loops."""
