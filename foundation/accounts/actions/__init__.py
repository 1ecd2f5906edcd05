"""The verbs of people, teams and tokens: the only code that writes them."""
