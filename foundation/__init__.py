"""Floor 1: what every room stands on. It knows no ticket, task or release."""
