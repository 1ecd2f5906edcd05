"""Loops and the work of tasks once more, by column: packed numbers, which reports count without reading rows."""
