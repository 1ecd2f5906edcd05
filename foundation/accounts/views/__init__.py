"""Pages of people, teams and tokens: each view parses, calls one action or query, and renders."""
