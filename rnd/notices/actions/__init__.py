"""The verbs of webhooks and notices: the only code that writes them, one verb a file."""
