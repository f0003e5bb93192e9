"""`python -m servers` is `kstock up`."""

from servers.cli import main

if __name__ == "__main__":
    main(["up"])
