"""What a browser needs before anybody has signed in, and what is up."""

from typing import Literal

from pydantic import BaseModel


class FirebaseConfig(BaseModel):
    project_id: str
    api_key: str
    auth_emulator_url: str | None
    google_enabled: bool


class DemoListener(BaseModel):
    """Somebody of the demo town, with the password that opens their account."""

    handle: str
    display_name: str
    email: str
    password: str
    time_zone: str


class Demo(BaseModel):
    """The listener to begin with, and all of them."""

    email: str
    password: str
    listeners: list[DemoListener]


class Config(BaseModel):
    firebase: FirebaseConfig
    version: str
    takes_new_accounts: bool
    demo: Demo | None


class Part(BaseModel):
    """One part of the system. `detail` is a sentence for the page: what is missing while it is away."""

    name: Literal["database", "cache", "model_server", "worker"]
    state: Literal["up", "degraded", "down"]
    detail: str


class Status(BaseModel):
    parts: list[Part]
