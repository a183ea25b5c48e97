"""What the browser is told before anybody has signed in."""

import orjson

from platform_api.core.settings import Settings
from platform_api.schemas.system import Config, Demo, DemoListener, FirebaseConfig

DEMO_PROJECT_PREFIX = "demo-"


def configuration(settings: Settings, version: str) -> Config:
    firebase = settings.firebase
    emulator = firebase.auth_emulator_host
    return Config(
        firebase=FirebaseConfig(
            project_id=firebase.project_id,
            api_key=firebase.api_key,
            auth_emulator_url=f"http://{emulator}" if emulator else None,
            google_enabled=emulator is None and not firebase.project_id.startswith(DEMO_PROJECT_PREFIX),
        ),
        version=version,
        takes_new_accounts=settings.app.takes_new_accounts,
        demo=_demo(settings),
    )


def _demo(settings: Settings) -> Demo | None:
    """The demo town's people, only in development and only while their file is there."""
    path = settings.app.demo_file
    if settings.app.environment != "development" or path is None or not path.is_file():
        return None
    people = orjson.loads(path.read_bytes())
    if not people:
        return None
    first = next((person for person in people if person.get("main")), people[0])
    return Demo(
        email=first["email"],
        password=first["password"],
        listeners=[DemoListener.model_validate(person) for person in people],
    )
