"""Git without Django: a hardened way to run it, mirrors, streamed history, refs, messages, membership.

Nothing here knows a model or a setting; `releases.mirrors` joins it to the room.
"""
