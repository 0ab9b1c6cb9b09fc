"""Offers, orders read back, payment, authority."""

from __future__ import annotations

import pytest

from tests.detect.calls import call, found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: would you be interested in our family plan", "sales.offered"),
        ("A: we've got a special offer on at the moment", "sales.offered"),
        ("A: have you ever thought about paying by direct debit", "sales.offered"),
        ("A: let me just confirm your order", "sales.order_readback"),
        ("A: your total comes to thirty four pounds", "sales.order_readback"),
        ("A: how would you like to pay", "sales.payment"),
        ("A: and the expiry date please", "sales.payment"),
        ("A: i'd have to get that discount approved by my manager", "sales.authority_referred"),
        ("A: are you authorised to order for the company", "sales.authority_referred"),
    ],
)
def test_sales(line: str, label: str) -> None:
    assert label in found(call(line))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("A: we can't offer you a discount", "sales.offered"),
        ("C: have you got any special offers on", "sales.offered"),
        ("A: have you got your order number", "sales.order_readback"),
        ("A: did you pay attention to it", "sales.payment"),
        ("A: my manager is away", "sales.authority_referred"),
    ],
)
def test_near_misses_of_sales(line: str, label: str) -> None:
    assert label not in found(call(line))
