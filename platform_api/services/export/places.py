"""How many exports are sent at once. Each holds a database connection for as long as its reader takes."""

import threading

from platform_api.core.errors import TooManyRequests


class Places:
    """So many in this process, one a listener: else a slow reader with several could keep everybody else waiting."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: set[int] = set()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        return len(self._taken)

    def take(self, user_id: int) -> None:
        """Raises TooManyRequests."""
        with self._lock:
            if user_id in self._taken:
                raise TooManyRequests("An export of yours is being sent already. Please wait until it is there.")
            if len(self._taken) >= self._number:
                raise TooManyRequests("Several exports are being sent right now. Please try again in a minute.")
            self._taken.add(user_id)

    def leave(self, user_id: int) -> None:
        with self._lock:
            self._taken.remove(user_id)
