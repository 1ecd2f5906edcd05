"""How a release goes out by and by, who runs what, and who must be told when one is taken back."""
