"""What a person or a chat gets who opens the link of a shared wrap."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse

from platform_api.api.deps import PageSourceDep, SessionDep, SettingsDep, limit_address
from platform_api.services.community import shares
from platform_api.services.wraps import page

AS_A_PAGE = {"Content-Security-Policy": "base-uri 'self'; object-src 'none'; frame-ancestors 'none'"}
"""The one answer of the API that is a document: it runs the page's own script, which the others' policy forbids."""
router = APIRouter(include_in_schema=False)


@router.get("/s/{token}", dependencies=[Depends(limit_address("open shares", 240, 60))])
def open_shared_page(
    session: SessionDep, settings: SettingsDep, source: PageSourceDep, token: Annotated[str, Path(max_length=200)]
) -> HTMLResponse:
    """Public: the page with the head that this link's choice allows."""
    try:
        shared = shares.open_share(session, token)
    except shares.LinkGone as gone:
        return HTMLResponse(page.page_of_nothing(source.html()), status_code=gone.status, headers=AS_A_PAGE)
    address, card = shares.addresses(settings, token)
    return HTMLResponse(page.page_of(source.html(), shared.wrap, address, card), headers=AS_A_PAGE)
