"""The plumbing of the API; each room's `api.py` builds on it.

`views.ReadViewSet` and `views.ActionViewSet` are the bases, `schema.verb` marks a verb on a thing,
`serializers.InputSerializer` is the base of every request body. Nothing is imported here: REST framework
loads some of these modules while it is itself being loaded.
"""
