"""The reports: each module answers one question of a manager, with frozen values that a page or the API only shows."""
