"""`python -m servers` is `kstock up`, with its options."""

import sys

from servers.cli import main

if __name__ == "__main__":
    main(["up", *sys.argv[1:]])
