"""The template tags of the kit by subject; `templatetags/kit.py` puts them into one library."""
