"""The people of the town: who they are, where they live, when they listen, what they like.

Invented persons; addresses end in `.example`, which no mail server serves.
"""

from dataclasses import dataclass

PASSWORD = "a-needle-in-the-groove"
"""The demo's own: it opens invented accounts only and is printed at the end of `make demo`."""
MAIN_HANDLE = "ines"
"""The listener whose sign-in `make demo` prints: the longest and richest history."""


@dataclass(frozen=True)
class Listener:
    """One person.

    `tastes` weighs styles (not normalised), `later` are styles they grow into. `plays` is about how many in all,
    `skipping` the share of plays under 30 s, `adventure` how fast they meet new music (1 is usual).
    """

    handle: str
    display_name: str
    time_zone: str
    country: str
    rhythm: str
    years: float
    plays: int
    tastes: dict[str, float]
    later: dict[str, float]
    skipping: float
    adventure: float
    platforms: tuple[str, ...]
    holiday_country: str
    podcasts: bool = False
    old_format: bool = False

    @property
    def email(self) -> str:
        """Sign-in name."""
        return f"{self.handle}@tonearm.example"


IPHONE, ANDROID, MAC, WINDOWS, LINUX = "ios", "android", "osx", "windows", "linux"
WEB, SPEAKER = "web_player", "cast_to_device"

# fmt: off
LISTENERS: tuple[Listener, ...] = (
    Listener("ines", "Inês Carvalho", "Europe/Lisbon", "PT", "commuter", 4.0, 42_000,
             {"bossa": 3, "jazz": 2, "lofi": 1.5, "synthwave": 0.7}, {"techno": 2.2, "ambient": 1.4}, 0.22, 1.3,
             (IPHONE, MAC, SPEAKER), "IT", podcasts=True),
    Listener("marek", "Marek Dvořáček", "Europe/Prague", "CZ", "night_owl", 3.5, 20_000,
             {"techno": 3, "synthwave": 2, "ambient": 1}, {"jazz": 1.5}, 0.30, 1.0, (ANDROID, WINDOWS), "HR"),
    Listener("jolene", "Jolene Whitaker", "America/New_York", "US", "student", 3.0, 18_000,
             {"lofi": 3, "folk": 2, "punk": 0.8}, {"bossa": 1.5, "lofi": 1}, 0.38, 1.6, (IPHONE, MAC, WEB), "US"),
    Listener("kenji", "Kenji Moriyama", "Asia/Tokyo", "JP", "commuter", 4.0, 17_000,
             {"jazz": 3, "bossa": 1.5, "ambient": 1.2}, {"lofi": 1.6}, 0.10, 0.9, (IPHONE, SPEAKER), "KR"),
    Listener("hazel", "Hazel Tamatea", "Pacific/Auckland", "NZ", "parent", 3.0, 12_000,
             {"folk": 3, "ambient": 1.6, "bossa": 1}, {"jazz": 1.2}, 0.15, 0.9, (ANDROID, SPEAKER), "FJ"),
    Listener("bruno", "Bruno Falcão", "America/Sao_Paulo", "BR", "shift_worker", 2.5, 14_000,
             {"bossa": 2.2, "punk": 2, "techno": 1}, {"lofi": 1.4}, 0.28, 1.1, (ANDROID,), "AR"),
    Listener("aditi", "Aditi Raghunathan", "Asia/Kolkata", "IN", "student", 2.0, 12_000,
             {"lofi": 2.4, "synthwave": 2, "folk": 0.8}, {"techno": 1.6}, 0.42, 1.5, (ANDROID, WEB), "TH"),
    Listener("finn", "Finn Halvorsen", "Europe/Oslo", "NO", "runner", 3.0, 11_000,
             {"techno": 2.2, "punk": 2.2, "synthwave": 1}, {"ambient": 1.2}, 0.20, 1.0, (IPHONE, LINUX), "ES"),
    Listener("cass", "Cass Ravenscroft", "Australia/Lord_Howe", "AU", "parent", 3.0, 8_000,
             {"folk": 2, "jazz": 2, "ambient": 1}, {"bossa": 1.5}, 0.09, 0.8, (ANDROID, SPEAKER), "AU"),
    Listener("wanjiru", "Wanjiru Kamau", "Africa/Nairobi", "KE", "commuter", 2.5, 10_000,
             {"bossa": 2, "lofi": 2, "jazz": 1}, {"synthwave": 1.4}, 0.25, 1.2, (ANDROID, WEB), "TZ", podcasts=True),
    Listener("soren", "Søren Thygesen", "Europe/Copenhagen", "DK", "night_owl", 3.0, 13_000,
             {"ambient": 2.6, "techno": 2, "jazz": 0.8}, {"folk": 1.2}, 0.18, 1.1, (MAC, IPHONE), "SE"),
    Listener("etienne", "Étienne Gagnon-Roy", "America/St_Johns", "CA", "shift_worker", 2.5, 9_000,
             {"folk": 2.4, "punk": 2.2}, {"synthwave": 1.2}, 0.33, 1.0, (ANDROID, WINDOWS), "PT"),
    Listener("yara", "Yara Haddad", "Asia/Beirut", "LB", "student", 2.5, 13_000,
             {"synthwave": 2.4, "bossa": 1.4, "techno": 1.4}, {"jazz": 1.2}, 0.36, 1.4, (IPHONE, WEB), "CY"),
    Listener("gus", "Gus Okafor", "America/Chicago", "US", "runner", 2.5, 9_000,
             {"punk": 3, "techno": 1.2, "folk": 0.8}, {"jazz": 1.0}, 0.24, 0.9, (IPHONE, SPEAKER), "MX"),
    Listener("teuila", "Teuila Iosefo", "Pacific/Apia", "WS", "parent", 2.0, 6_000,
             {"folk": 2, "bossa": 2, "lofi": 1}, {"ambient": 1.0}, 0.14, 0.8, (ANDROID,), "NZ"),
    Listener("pilar", "Pilar Echeverría", "America/Santiago", "CL", "night_owl", 3.0, 14_000,
             {"punk": 2, "synthwave": 2.2, "techno": 1.4}, {"folk": 1.3}, 0.40, 1.3, (ANDROID, MAC), "PE"),
    Listener("noor", "Noor Jansen", "Europe/Amsterdam", "NL", "commuter", 3.0, 12_000,
             {"techno": 2.4, "lofi": 1.6, "ambient": 1}, {"bossa": 1.3}, 0.16, 1.0, (IPHONE, MAC), "GR", podcasts=True),
    Listener("prakash", "Prakash Gurung", "Asia/Kathmandu", "NP", "student", 2.0, 8_000,
             {"folk": 1.8, "lofi": 2.2, "ambient": 1}, {"synthwave": 1.4}, 0.31, 1.2, (ANDROID,), "IN"),
    Listener("odile", "Odile Marchand", "Europe/Paris", "FR", "parent", 4.0, 13_000,
             {"jazz": 2.8, "bossa": 1.8, "folk": 1}, {"ambient": 1.2}, 0.11, 0.8, (MAC, SPEAKER), "MA",
             old_format=True),
    Listener("dmitar", "Dmitar Kostov", "Europe/Sofia", "BG", "shift_worker", 2.5, 10_000,
             {"synthwave": 2.6, "punk": 1.6}, {"techno": 1.5}, 0.27, 1.0, (WINDOWS, ANDROID), "TR"),
    Listener("sunny", "Sun-hee Baek", "Asia/Seoul", "KR", "commuter", 2.5, 11_000,
             {"lofi": 2.4, "jazz": 1.6, "synthwave": 1.2}, {"bossa": 1.4}, 0.21, 1.1, (ANDROID, WINDOWS), "JP"),
    Listener("ray", "Ray Tsosie", "America/Phoenix", "US", "night_owl", 2.0, 7_000,
             {"ambient": 2.2, "folk": 1.8, "synthwave": 1.2}, {"punk": 1.0}, 0.13, 0.9, (ANDROID, LINUX), "US"),
    Listener("adelaide", "Adélaïde Ouédraogo", "Africa/Casablanca", "MA", "student", 2.0, 9_000,
             {"jazz": 1.6, "bossa": 2, "techno": 1.6}, {"lofi": 1.2}, 0.29, 1.3, (IPHONE, WEB), "FR"),
    Listener("tucker", "Tucker McAllister", "Australia/Adelaide", "AU", "runner", 2.5, 9_000,
             {"punk": 2.6, "synthwave": 1.4, "techno": 1}, {"ambient": 1.2}, 0.34, 1.0, (IPHONE, SPEAKER), "ID"),
)
# fmt: on
