"""The pages of this room: parse, call one verb or query, render."""
