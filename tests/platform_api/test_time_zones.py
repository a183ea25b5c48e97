"""The listener's clock is one: pages read it in Python, lists and exports in SQL."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

import platform_api
from platform_api.crud.clocks import clock, local
from platform_api.schemas.users import known_time_zones
from platform_api.utils.clock import utc_now

_LOCAL = text(f"SELECT moment, {local('moment')} FROM unnest(CAST(:moments AS timestamptz[])) AS moment")


def moments() -> list[datetime]:
    """Now, and hour by hour around clock changes of many zones, long ago and lately."""
    days = [(2000, 1, 1), (2004, 10, 31), (2011, 12, 30), (2016, 10, 30), (2022, 10, 30), (2024, 3, 31), (2026, 11, 1)]
    hours = [datetime(*day, hour, tzinfo=UTC) for day in days for hour in range(24)]
    return [utc_now(), datetime(2026, 11, 20, 20, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC), *hours]


def test_every_zone_has_one_clock(session: Session) -> None:
    """A play in Vancouver lay at 12 o'clock on Home and at 13 in its list: PostgreSQL's rules were of another year than
    Python's. Where the zone was CET it had no summer there."""
    zones = sorted(known_time_zones())
    assert len(zones) > 500
    for zone in {*zones[::10], "America/Vancouver", "America/Edmonton", "Africa/Casablanca", "CET", "WET"}:
        for moment, shown in session.execute(_LOCAL, {"moments": moments(), **clock(zone)}):
            assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown, (zone, moment)


def test_no_statement_asks_postgresql_for_a_zone() -> None:
    asked = {
        (path.name, zone)
        for path in Path(platform_api.__file__).parent.rglob("*.py")
        for zone in re.findall(r"AT TIME ZONE\s+(\S+)", path.read_text())
    }
    assert {zone.rstrip('"),') for _, zone in asked} == {"'UTC'"}, asked


def test_the_rules_are_the_locked_ones() -> None:
    """Whatever the machine has under /usr/share/zoneinfo, also where uvicorn was started without the stack."""
    vancouver = datetime(2026, 11, 20, 20, tzinfo=UTC).astimezone(ZoneInfo("America/Vancouver"))
    assert vancouver.utcoffset() == timedelta(hours=-7)
    asked = """
import zoneinfo
from platform_api import main
main.create_app = lambda settings: print(zoneinfo.TZPATH)
main.Settings = main.configure_logging = lambda *_: type("", (), {"app": None})
main.app_from_environment()
"""
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "()"
