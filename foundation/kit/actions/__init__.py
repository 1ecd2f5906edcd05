"""What the kit changes by itself: nothing but its own stored answers."""
