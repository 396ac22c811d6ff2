"""Days and instants, as people write them, turned into the instants that the API takes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from milepost_cli.stops import Misused


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name. Raises Misused when there is none."""
    try:
        return ZoneInfo(name)
    # A name of several zones, such as America, is a folder of the database.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misused(f"{name} is no time zone such as Europe/Berlin") from error


def end_of_day(day: str, time_zone: str) -> str:
    """Return the last millisecond of a day (`YYYY-MM-DD`) in a time zone, as an instant. Raises Misused."""
    try:
        found = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone yet
    except ValueError as error:
        raise Misused(f"{day} is no day such as 2027-06-30") from error
    return last_instant(found, zone(time_zone))


def first_instant(day: date, where: ZoneInfo) -> str:
    """Return the first instant of a day in a time zone, also where its midnight is skipped. Raises Misused."""
    return instant(_midnight(day, where))


def last_instant(day: date, where: ZoneInfo) -> str:
    """Return the last millisecond of a day in a time zone. Raises Misused for the last day there is."""
    try:
        return instant(_midnight(day + timedelta(days=1), where) - timedelta(milliseconds=1))
    except OverflowError as error:
        raise Misused(f"{day} is too far ahead") from error


def instant(moment: datetime) -> str:
    """Return an aware datetime as an RFC 3339 instant in UTC. Raises Misused outside of the years 1 to 9999."""
    try:
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except OverflowError as error:
        raise Misused(f"{moment.date()} is out of reach") from error


def _midnight(day: date, where: ZoneInfo) -> datetime:
    try:
        # In UTC, so that what is taken off later is time that has passed. A midnight that clocks skip is read with the
        # offset before the change, which is the instant of the change.
        return datetime.combine(day, time(), tzinfo=where).astimezone(UTC)
    except OverflowError as error:
        raise Misused(f"{day} is out of reach") from error
