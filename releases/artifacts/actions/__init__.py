"""The verbs of artifacts, manifests, signatures and keys: the only code that writes them, one verb a file."""
