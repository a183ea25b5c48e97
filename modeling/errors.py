"""What can go wrong with a bundle or with one request. Nothing else is raised on purpose."""


class BundleError(Exception):
    """A bundle is incomplete, was altered, or belongs to other code. It must not be served."""


class RequestError(Exception):
    """One request cannot be answered; the others of its batch can.

    `status` is an HTTP status: 400 for bytes that cannot be read, 422 for facts that make no sense.
    `detail` is a sentence for the person who sent it.
    """

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
