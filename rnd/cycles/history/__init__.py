"""Histories from elsewhere: how logs of other trackers are read, and what becomes of them. Without Django."""
