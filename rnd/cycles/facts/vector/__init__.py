"""The clock over arrays: thousands of tickets, and the work of as many tasks, in one go, as a rebuild computes them.

`lean/` is the definition here, as `clock/` is its own; property tests prove that all say the same. What is told in a
way that the arrays do not know is left to it: such tickets and tasks are called odd.
"""
