"""Check that the tables belong together as the models say; exit with 1 and a list if not.

``python -m scripts.verify_db_relationships [--format json]`` is ``dars db relationships``.
"""

import sys

from cli.main import main

if __name__ == "__main__":
    main(["db", "relationships", *sys.argv[1:]])
