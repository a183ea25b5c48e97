"""`make bench` runs what needs nothing, to its end."""

import ast

from benchmarks.__main__ import HERE, measurements


def test_what_cannot_run_without_arguments_says_what_it_needs() -> None:
    """`make bench` always ended in failure: four measurements wait for a folder or a file that nobody named."""
    waiting = [
        one.name
        for one in measurements()
        if one.needs is None and any(map(is_demanded, ast.walk(ast.parse((HERE / f"{one.name}.py").read_text()))))
    ]
    assert waiting == []


def is_demanded(node: ast.AST) -> bool:
    """An argument of the command line that has to be given."""
    if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(".add_argument"):
        return False
    told = {word.arg: ast.unparse(word.value) for word in node.keywords}
    is_option = ast.unparse(node.args[0]).strip("'").startswith("-")
    return told.get("required") == "True" if is_option else told.get("nargs") not in ("'*'", "'?'")
