"""Pages of the catalogue: each view parses, calls one action or query, and renders."""
