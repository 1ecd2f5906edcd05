"""Instruments without a domain: time, errors, transactions, API plumbing, Markdown, uploads."""
