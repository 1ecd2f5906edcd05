"""Figures of the work, each beside its floor on the same machine in the same run: `make bench`."""
