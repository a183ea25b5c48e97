"""Is everything up, and what does a browser need to know before anybody has signed in?"""


from fastapi import APIRouter

router = APIRouter(tags=["system"])
health = APIRouter(tags=["system"], include_in_schema=False)


@health.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "up"}
