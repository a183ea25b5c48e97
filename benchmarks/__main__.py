"""`make bench`: every measurement that needs nothing but this machine, one after the other; `--list` names all.

A measurement is a module here with a `main`; `python -m benchmarks.NAME --help` says what it takes. One that says
`NEEDS = "what it needs"` (a public data set, say) is listed and run by hand only.
"""

import argparse
import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measurement:
    name: str
    about: str
    needs: str | None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the measurements of this folder.")
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--list", action="store_true", help="say what there is, run nothing")
    arguments = parser.parse_args()
    known = {one.name: one for one in measurements()}
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"no measurement is named {', '.join(unknown)}; --list says what there is")
    if arguments.list:
        for one in known.values():
            print(f"{one.name:22} {one.about}" + (f" (needs {one.needs})" if one.needs else ""))
        return 0
    chosen = [known[name] for name in arguments.names] or [one for one in known.values() if one.needs is None]
    failed = [one.name for one in chosen if not ran(one)]
    if failed:
        print(f"\nDid not finish: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def measurements() -> list[Measurement]:
    """Read from the sources, not imported: some of them load torch."""
    found = []
    for path in sorted(HERE.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text())
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            about = (ast.get_docstring(tree) or "").partition("\n")[0]
            found.append(Measurement(path.stem, about.partition(": `python")[0].rstrip("."), needs_of(tree)))
    return found


def needs_of(tree: ast.Module) -> str | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["NEEDS"]:
            return str(ast.literal_eval(node.value))
    return None


def ran(measurement: Measurement) -> bool:
    print(f"\n{measurement.name}: {measurement.about}", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{measurement.name}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
