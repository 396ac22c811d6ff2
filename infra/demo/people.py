"""The people of the demo: made of names by a generator with a fixed seed, so they are the same everywhere. Pure.

Nobody of them exists: the names are common ones put together at random, the addresses are of `example.org` (RFC 2606),
the telephone numbers of a range that is kept free for drama.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SEED: Final = 2026
COUNT: Final = 2_000
TAG: Final = "demo"
"""What everybody of the demo has."""
CURRENCY: Final = "EUR"
BUYERS: Final = 60
"""So many of them, the first, have orders that are recorded here; of others only the totals are known."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN: Final = _words(
    "Ada Alice Amina Andrea Anna Ben Carla Carlos Chloe Clara Daniel David Elena Emil Emma Eva Felix Fatima Finn Grace "
    "Hanna Hugo Ida Ines Irene Jan Joan Julia Karim Lara Lea Leo Lina Louis Lucia Maja Maria Marta Mary Max Mia Mila "
    "Nina Noah Nora Olga Omar Oscar Paula Pedro Rosa Sara Sofia Theo Tom Vera Victor Yara Yusuf Zoe"
)
FAMILY: Final = _words(
    "Adler Andersson Bauer Becker Bernard Bianchi Brown Clark Costa Dubois Diaz Evans Fischer Garcia Gomez Gruber Hall "
    "Hansen Hoffmann Ivanova Jansen Jones Keller Klein Kovacs Lambert Larsen Lopez Martin Meyer Moreau Moretti Murphy "
    "Nagy Novak Olsen Perez Petit Popescu Ricci Romano Rossi Roux Santos Schmidt Silva Smith Svensson Taylor Torres "
    "Vogel Walker Weber Wilson Wolf Wright Young Yilmaz Zimmermann"
)
PLACES: Final = (
    ("Berlin", "de", "Europe/Berlin"),
    ("Bristol", "en-GB", "Europe/London"),
    ("Hamburg", "de", "Europe/Berlin"),
    ("Lisbon", "pt", "Europe/Lisbon"),
    ("London", "en-GB", "Europe/London"),
    ("Lyon", "fr", "Europe/Paris"),
    ("Madrid", "es", "Europe/Madrid"),
    ("New York", "en-US", "America/New_York"),
    ("Paris", "fr", "Europe/Paris"),
    ("Vienna", "de-AT", "Europe/Vienna"),
)
INTERESTS: Final = ("running", "cycling", "swimming", "climbing", "sailing")
ITEMS: Final = (("shoes", 12900), ("jersey", 5900), ("bottle", 1400), ("watch", 24900), ("map", 1800), ("tent", 31900))

Row = dict[str, Any]


def every(now: datetime) -> list[Row]:
    """Return everybody as a row of `POST /api/v1/leads/bulk`; what they did is so many days before `now`."""
    return [_person(number, now) for number in range(1, COUNT + 1)]


def email(number: int) -> str:
    """Return the address of one of them, counted from 1."""
    given, family = _named(_draw(number))
    return f"{given}.{family}.{number:04}@example.org".lower()


def orders(number: int, now: datetime) -> Iterator[Row]:
    """Yield the orders of one of the buyers, as `POST /api/v1/leads/{lead_id}/orders` takes them."""
    draw = random.Random(f"{SEED} orders {number}")  # noqa: S311 - to be the same again, not to be a secret
    for place in range(1, draw.randint(1, 4) + 1):
        bought = draw.sample(ITEMS, draw.randint(1, 3))
        yield {
            "order_id": f"demo-{number:04}-{place}",
            "amount_minor_units": sum(price for _, price in bought),
            "currency": CURRENCY,
            "ordered_at": _days_before(now, draw.randint(1, 300)),
            "items": [{"sku": sku, "quantity": 1} for sku, _ in bought],
        }


def _person(number: int, now: datetime) -> Row:
    draw = _draw(number)
    given, family = _named(draw)
    city, locale, zone = draw.choice(PLACES)
    row: Row = {
        "name": f"{given} {family}",
        "emails": [email(number)],
        "tags": [TAG, draw.choice(INTERESTS)],
        "locale": locale,
        "time_zone": zone,
        "metadata": {"city": city},
    }
    if number % 20 == 0:
        row["phones"] = [f"+442079460{number // 20:03}"]
    if draw.random() < 0.55:
        row["consent"] = {"email": "granted"}
    row["visits"] = int(draw.expovariate(1 / 6))
    if number > BUYERS and draw.random() < 0.5:
        row |= _bought(draw, now)
    return row


def _bought(draw: random.Random, now: datetime) -> Row:
    """Return the totals of somebody whose orders are recorded elsewhere."""
    count = 1 + int(draw.expovariate(1 / 2))
    cents = sum(draw.choice(ITEMS)[1] for _ in range(count))
    return {
        "status": "customer",
        "order_count": count,
        "total_spend": f"{cents / 100:.2f}",
        "last_order_at": _days_before(now, draw.randint(1, 500)),
    }


def _draw(number: int) -> random.Random:
    return random.Random(f"{SEED} person {number}")  # noqa: S311 - as above


def _named(draw: random.Random) -> tuple[str, str]:
    return draw.choice(GIVEN), draw.choice(FAMILY)


def _days_before(now: datetime, days: int) -> str:
    return (now.astimezone(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT10:00:00Z")
