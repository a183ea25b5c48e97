"""Names of the contract are the names that the pages use: two schemas of one name would rename both."""

from platform_api.core.settings import Settings
from platform_api.main import create_app


def test_no_two_schemas_share_a_name(settings: Settings) -> None:
    schemas = create_app(settings).openapi()["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
