"""The whole stack, in the order in which it is easiest to read: what everything stands on first."""

from stack import servers
from stack.environment import Environment
from stack.errors import StackError
from stack.servers import Server

NAMES = ("database", "cache", "auth", "inference", "mlflow", "spotify", "api", "worker", "web", "watch")


def describe(environment: Environment) -> dict[str, Server]:
    """Every server that is ours to start, by name; those that run elsewhere, or that only a demo has, are left out."""
    data, ports, secrets = environment.place.data, environment.ports, environment.secrets
    variables = environment.variables
    builders = {
        "database": lambda: servers.database(data / "postgres", ports["DATABASE_PORT"], secrets["database"], data),
        "cache": lambda: servers.cache(data / "valkey", ports["REDIS_PORT"], secrets["cache"], data),
        "auth": lambda: servers.auth(data / "auth", ports["AUTH_PORT"], variables["FIREBASE_PROJECT_ID"], data),
        "inference": lambda: servers.inference(data / "torchserve", environment),
        "mlflow": lambda: servers.mlflow(data / "mlflow", ports["MLFLOW_PORT"], variables["DATABASE_URL"], environment),
        "spotify": lambda: servers.spotify(environment),
        "api": lambda: servers.api(environment),
        "worker": lambda: servers.worker(environment),
        "web": lambda: servers.web(environment),
        "watch": lambda: servers.watch(environment),
    }
    left_out = set(environment.external) if environment.place.demo_mark.exists() else {*environment.external, "spotify"}
    return {name: builders[name]() for name in NAMES if name not in left_out}


def with_needs(system: dict[str, Server], wanted: list[str]) -> list[str]:
    """`wanted` and what they need, in starting order. Raises StackError for a name that is no server."""
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        raise StackError(f"No server is called {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    closed = {name for name in wanted if name in system}
    waiting = list(closed)
    while waiting:
        for need in system[waiting.pop()].needs:
            if need in system and need not in closed:
                closed.add(need)
                waiting.append(need)
    return [name for name in system if name in closed]
