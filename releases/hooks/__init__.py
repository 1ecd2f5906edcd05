"""Webhooks in: a git host says that there is something new, and the repository is fetched at once.

A hook is a hint and never data: its body is proven by its signature and then thrown away unread.
"""
