"""What pages, the API and the rooms above read of this room."""

from releases.contents import (
    commits_in,
    contains,
    first_release_of,
    holders,
    is_in,
    new_in,
    newest_first,
    released_ancestors,
    releases_holding,
)

__all__ = [
    "commits_in",
    "contains",
    "first_release_of",
    "holders",
    "is_in",
    "new_in",
    "newest_first",
    "released_ancestors",
    "releases_holding",
]
