"""Rows of the kit: its page of components shows samples only, so everyone may look."""

from tests.house.rights import Row, public

ROWS: list[Row] = [public("kit:kit")]
