"""The clock over arrays: thousands of tickets, and the work of as many tasks, in one go, as a rebuild computes them.

`lean.py` and `parts.py` are the definition here, as `clock.py` is theirs; property tests prove that all say the same.
What is told in an order that the arrays do not know is left to them: such tickets and tasks are called odd.
"""
