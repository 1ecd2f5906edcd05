"""Computes all facts anew from the journal, on as many cores as are given, while the site runs on."""
