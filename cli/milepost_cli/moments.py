"""Days and instants, as people write them, turned into the instants that the API takes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from milepost_cli.stops import Misused


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name. Raises Misused when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misused(f"{name} is no time zone such as Europe/Berlin") from error


def end_of_day(day: str, time_zone: str) -> str:
    """Return the last millisecond of a day (`YYYY-MM-DD`) in a time zone, as an instant. Raises Misused."""
    try:
        date = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone yet
    except ValueError as error:
        raise Misused(f"{day} is no day such as 2027-06-30") from error
    after = datetime.combine(date + timedelta(days=1), time(), tzinfo=zone(time_zone))
    return instant(after.astimezone(UTC) - timedelta(milliseconds=1))


def instant(moment: datetime) -> str:
    """Return an aware datetime as an RFC 3339 instant in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
