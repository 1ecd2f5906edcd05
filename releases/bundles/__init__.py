"""Releases on a stick: bundles for where there is no network, the way back in, and the receipts that return."""
