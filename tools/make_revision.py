"""Write the revision that leads from the newest one to the tables as they are now.

Usage: python tools/make_revision.py add_alerts

Read what it wrote: Alembic sees neither renamed columns nor data that must move.
"""

import subprocess
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from shared.store import schema


def main(subject: str) -> None:
    """Compare the tables with an empty database at the newest revision."""
    number = len(list((schema.FOLDER / "versions").glob("*.py"))) + 1
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.upgrade(connection)
        config = schema.alembic_config()
        config.attributes["connection"] = connection
        script = command.revision(config, subject, autogenerate=True, rev_id=f"{number:04}")
    assert script is not None
    assert not isinstance(script, list)
    path = Path(script.path)
    lines = [line for line in path.read_text().splitlines() if not line.strip().startswith("# ###")]
    path.write_text("\n".join(lines) + "\n")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)
    print(path)


if __name__ == "__main__":
    main(sys.argv[1])
