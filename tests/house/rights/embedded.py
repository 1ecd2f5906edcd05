"""Rows of the embedded house: monitoring asks without signing in."""

from tests.house.rights import NOBODY, Row, public

ROWS = [
    public("embedded:livez"),
    # The tests have no broker, so the truthful answer is: not ready.
    Row("embedded:readyz", may=NOBODY, others=503, foreign=503, anonymous=503),
    # A token of its own (METRICS_TOKEN), whoever is signed in.
    Row("embedded:metrics", may=NOBODY, others=401, foreign=401, anonymous=401),
]
