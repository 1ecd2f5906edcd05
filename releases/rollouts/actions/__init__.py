"""The verbs of this room, one a file; each opens its own transaction."""
