"""Floor 4: what is done about it, and how long it took; and the composition root.

The Celery application is imported here so that shared tasks bind to it in every process.
"""

from rnd.celery import app as celery_app

__all__ = ["celery_app"]
