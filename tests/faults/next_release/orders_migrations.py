"""Where the next version's migrations of orders lie: those of today, and more."""

from pathlib import Path

from orders import migrations

TODAY = Path(migrations.__path__[0])
LAST_OF_TODAY = max(path.stem for path in TODAY.glob("0*.py"))

__path__ = [str(TODAY), str(Path(__file__).with_name("orders"))]
