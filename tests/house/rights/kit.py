"""Rows of the kit: the page of components is there for developers only (DEBUG)."""

from tests.house.rights import Row

ROWS: list[Row] = []
