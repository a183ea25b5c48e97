"""No limits on how often one may ask: for tests that ask a thousand times what is not the limit."""

from platform_api.services.limits import Allowance, Limit, RateLimiter


class Unlimited(RateLimiter):
    """`app.dependency_overrides[limiter_of] = Unlimited`: everybody may ask as often as they like."""

    def __init__(self) -> None:
        pass

    def take(self, limit: Limit, who: str) -> Allowance:  # noqa: ARG002
        return Allowance(limit, limit.times, limit.seconds, 0)
