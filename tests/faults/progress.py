from tests.embedded.patience import eventually
from tests.faults.traffic import Acknowledged


def goes_on(acknowledged: Acknowledged, *, orders: int = 10) -> None:
    """Return when so many more orders were acknowledged."""
    before = len(acknowledged.orders)
    eventually(lambda: len(acknowledged.orders) > before + orders, within=120)
