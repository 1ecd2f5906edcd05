"""What the API gives is what REST framework would have given, of instances and of rows."""

from __future__ import annotations

import pytest
from django.utils.timezone import override
from rest_framework import serializers

from foundation.kit.api.reading import ReadSerializer
from frontline_feedback.models import Ticket
from frontline_feedback.wire import TicketSerializer, ticket_row
from tests.cast import Cast
from tests.frontline_feedback.world import report

pytestmark = pytest.mark.django_db


class Slow(serializers.ModelSerializer[Ticket]):
    """The same fields as REST framework reads them."""

    class Meta(TicketSerializer.Meta):
        pass


for _name, _field in TicketSerializer._declared_fields.items():
    Slow._declared_fields[_name] = _field


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo"])
def test_an_instance_and_its_row_read_as_rest_framework_reads_them(cast: Cast, zone: str) -> None:
    merged_into, ticket = report(cast, hardware=cast.rev_a), report(cast)
    Ticket.objects.filter(pk=ticket.pk).update(
        state="closed", outcome="duplicate", canonical=merged_into, reporter=None
    )
    with override(zone):
        for pk in (ticket.pk, merged_into.pk):
            found = Ticket.objects.get(pk=pk)
            told = Slow(found).data
            assert TicketSerializer(found).data == told
            row = Ticket.objects.values(*TicketSerializer.columns()).get(pk=pk)
            assert TicketSerializer().to_representation(row) == told
            assert TicketSerializer().to_representation(ticket_row(pk)) == told
            assert list(TicketSerializer(found).data) == list(told)


def test_a_method_field_is_refused_for_nobody_knows_what_it_reads() -> None:
    class Guessing(ReadSerializer[Ticket]):
        age = serializers.SerializerMethodField()

        class Meta:
            model = Ticket
            fields = ("age",)

    with pytest.raises(TypeError, match=r"Guessing\.age"):
        Guessing.columns()
