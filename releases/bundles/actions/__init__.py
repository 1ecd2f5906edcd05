"""The only code of this room that writes: one verb a file."""
