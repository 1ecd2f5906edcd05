"""Tags of this room: `{% load tickets %}`."""
