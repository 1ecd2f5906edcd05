"""Addresses of this room below /api/v1/."""

from rest_framework.routers import SimpleRouter

from frontline_feedback.api import CommentViewSet, TicketViewSet, VerdictViewSet
from frontline_feedback.keys import PATTERN

router = SimpleRouter()
router.register("feedback", TicketViewSet, basename="ticket")
router.register(rf"feedback/(?P<ticket_key>{PATTERN})/verdicts", VerdictViewSet, basename="ticket-verdict")
router.register(rf"feedback/(?P<ticket_key>{PATTERN})/comments", CommentViewSet, basename="ticket-comment")
urlpatterns = router.urls
