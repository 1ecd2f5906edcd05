"""The facts: what the clock says of every ticket, kept beside the journal, and the roll-ups over that.

`lean/` computes them for one ticket or a few, `vector/` for thousands at once; `columnar/` keeps them by column.
"""
