"""The documents of the mobile contract, as phones send them."""

from pathlib import Path

OPERATIONS = Path(__file__).parents[2] / "mobile_contract/operations"


def operation(name: str) -> str:
    """The document of `operations/<name>.graphql`."""
    return (OPERATIONS / f"{name}.graphql").read_text()
