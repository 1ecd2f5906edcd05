"""Transactions: what needs one refuses to run without, and advisory locks last exactly as long."""

import threading

import pytest
from django.db import connection, transaction

from foundation.kit.transactions import TransactionRequired, lock, lock_number, require_transaction, try_lock


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused_with_the_remedy() -> None:
    with pytest.raises(TransactionRequired, match="Recording an entry must happen .* transaction.atomic"):
        require_transaction("Recording an entry")


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_it_is_silent() -> None:
    with transaction.atomic():
        require_transaction()


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionRequired, match="night watch"):
        lock("night watch")


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_until_the_transaction_ends() -> None:
    answers: list[bool] = []

    def another_session() -> None:
        with transaction.atomic():
            answers.append(try_lock("night watch"))
        connection.close()

    def ask() -> None:
        thread = threading.Thread(target=another_session)
        thread.start()
        thread.join()

    with transaction.atomic():
        lock("night watch")
        lock("night watch")
        ask()
    ask()
    assert answers == [False, True]


def test_the_number_of_a_name_is_a_stable_bigint() -> None:
    assert lock_number("journal") == lock_number("journal") != lock_number("Journal")
    assert all(-(2**63) <= lock_number(f"name {n}") < 2**63 for n in range(1000))
