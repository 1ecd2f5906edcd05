"""The verbs of what ships: the only code that writes it, one verb a file."""
